loops "dot" {
  buffer i0_0: f64 noalias
  buffer i1_0: f64 noalias
  buffer t0_0: u8 written
  local leaf0: f64 length 64
  box %0 .. %1
  body {
    accumulator.f64 s0 binned
    %2 = const.i64 -64
    %3 = and.i64 %0, %2
    %5 = const.i64 64
    %11 = const.f64 -0
    %21 = const.i64 0
    %22 = const.i64 1
    %32 = const.i64 2
    %38 = const.i64 3
    %44 = const.i64 4
    %50 = const.i64 5
    %56 = const.i64 6
    %62 = const.i64 7
    for %3 .. %1 step 64 (%4) {
      %6 = add.i64 %4, %5
      %7 = max.i64 %4, %0
      %8 = min.i64 %6, %1
      %9 = sub.i64 %8, %7
      %10 = eq.i64 %9, %5
      %83 = not.i1 %10
      %137 = if %10 : f64 {
        %68, %69, %70, %71, %72, %73, %74, %75 = for %4 .. %6 step 8 (%12; %13 = %11, %14 = %11, %15 = %11, %16 = %11, %17 = %11, %18 = %11, %19 = %11, %20 = %11) : f64, f64, f64, f64, f64, f64, f64, f64 {
          %23 = read.f64 i0_0[%12]
          %24 = read.f64 i1_0[%12]
          %25 = mul.f64 %23, %24
          %26 = add.f64 %13, %25
          %27 = add.i64 %12, %22
          %28 = read.f64 i0_0[%27]
          %29 = read.f64 i1_0[%27]
          %30 = mul.f64 %28, %29
          %31 = add.f64 %14, %30
          %33 = add.i64 %12, %32
          %34 = read.f64 i0_0[%33]
          %35 = read.f64 i1_0[%33]
          %36 = mul.f64 %34, %35
          %37 = add.f64 %15, %36
          %39 = add.i64 %12, %38
          %40 = read.f64 i0_0[%39]
          %41 = read.f64 i1_0[%39]
          %42 = mul.f64 %40, %41
          %43 = add.f64 %16, %42
          %45 = add.i64 %12, %44
          %46 = read.f64 i0_0[%45]
          %47 = read.f64 i1_0[%45]
          %48 = mul.f64 %46, %47
          %49 = add.f64 %17, %48
          %51 = add.i64 %12, %50
          %52 = read.f64 i0_0[%51]
          %53 = read.f64 i1_0[%51]
          %54 = mul.f64 %52, %53
          %55 = add.f64 %18, %54
          %57 = add.i64 %12, %56
          %58 = read.f64 i0_0[%57]
          %59 = read.f64 i1_0[%57]
          %60 = mul.f64 %58, %59
          %61 = add.f64 %19, %60
          %63 = add.i64 %12, %62
          %64 = read.f64 i0_0[%63]
          %65 = read.f64 i1_0[%63]
          %66 = mul.f64 %64, %65
          %67 = add.f64 %20, %66
          yield %26, %31, %37, %43, %49, %55, %61, %67
        }
        %76 = add.f64 %68, %69
        %77 = add.f64 %70, %71
        %78 = add.f64 %76, %77
        %79 = add.f64 %72, %73
        %80 = add.f64 %74, %75
        %81 = add.f64 %79, %80
        %82 = add.f64 %78, %81
        yield %82
      } else {
        if %83 {
          for %21 .. %5 simd (%84) {
            write.f64 leaf0[%84], %11
          }
        }
        for %7 .. %8 simd (%85) {
          %86 = sub.i64 %85, %4
          %87 = read.f64 i0_0[%85]
          %88 = read.f64 i1_0[%85]
          %89 = mul.f64 %87, %88
          write.f64 leaf0[%86], %89
        }
        %122, %123, %124, %125, %126, %127, %128, %129 = for %21 .. %5 step 8 (%90; %91 = %11, %92 = %11, %93 = %11, %94 = %11, %95 = %11, %96 = %11, %97 = %11, %98 = %11) : f64, f64, f64, f64, f64, f64, f64, f64 {
          %99 = read.f64 leaf0[%90]
          %100 = add.f64 %91, %99
          %101 = add.i64 %90, %22
          %102 = read.f64 leaf0[%101]
          %103 = add.f64 %92, %102
          %104 = add.i64 %90, %32
          %105 = read.f64 leaf0[%104]
          %106 = add.f64 %93, %105
          %107 = add.i64 %90, %38
          %108 = read.f64 leaf0[%107]
          %109 = add.f64 %94, %108
          %110 = add.i64 %90, %44
          %111 = read.f64 leaf0[%110]
          %112 = add.f64 %95, %111
          %113 = add.i64 %90, %50
          %114 = read.f64 leaf0[%113]
          %115 = add.f64 %96, %114
          %116 = add.i64 %90, %56
          %117 = read.f64 leaf0[%116]
          %118 = add.f64 %97, %117
          %119 = add.i64 %90, %62
          %120 = read.f64 leaf0[%119]
          %121 = add.f64 %98, %120
          yield %100, %103, %106, %109, %112, %115, %118, %121
        }
        %130 = add.f64 %122, %123
        %131 = add.f64 %124, %125
        %132 = add.f64 %130, %131
        %133 = add.f64 %126, %127
        %134 = add.f64 %128, %129
        %135 = add.f64 %133, %134
        %136 = add.f64 %132, %135
        yield %136
      }
      accumulate s0, %137
    }
    accumulator.store s0, t0_0[%21]
  }
}
define internal void @binned.add64(ptr %sum, double %x) alwaysinline nounwind {
  %limitAt = getelementptr i8, ptr %sum, i64 24
  %roomAt = getelementptr i8, ptr %sum, i64 56
  %limit = load double, ptr %limitAt, align 8
  %room = load i32, ptr %roomAt, align 4
  %magnitude = call double @llvm.fabs.f64(double %x)
  %isBelow = fcmp olt double %magnitude, %limit
  %hasRoom = icmp sgt i32 %room, 0
  %isEasy = and i1 %isBelow, %hasRoom
  br i1 %isEasy, label %easy, label %hard
easy:
  %left = add i32 %room, -1
  store i32 %left, ptr %roomAt, align 4
  %at1 = getelementptr i8, ptr %sum, i64 8
  %at2 = getelementptr i8, ptr %sum, i64 16
  %bin0 = load double, ptr %sum, align 8
  %bits0 = bitcast double %x to i64
  %odd0 = or i64 %bits0, 1
  %piece0 = bitcast i64 %odd0 to double
  %new0 = fadd double %bin0, %piece0
  store double %new0, ptr %sum, align 8
  %taken0 = fsub double %bin0, %new0
  %x1 = fadd double %x, %taken0
  %bin1 = load double, ptr %at1, align 8
  %bits1 = bitcast double %x1 to i64
  %odd1 = or i64 %bits1, 1
  %piece1 = bitcast i64 %odd1 to double
  %new1 = fadd double %bin1, %piece1
  store double %new1, ptr %at1, align 8
  %taken1 = fsub double %bin1, %new1
  %x2 = fadd double %x1, %taken1
  %bin2 = load double, ptr %at2, align 8
  %bits2 = bitcast double %x2 to i64
  %odd2 = or i64 %bits2, 1
  %piece2 = bitcast i64 %odd2 to double
  %new2 = fadd double %bin2, %piece2
  store double %new2, ptr %at2, align 8
  br label %done
hard:
  call void @"binned64.add"(ptr %sum, double %x)
  br label %done
done:
  ret void
}
declare double @llvm.fabs.f64(double)
declare i64 @llvm.smax.i64(i64, i64)
declare i64 @llvm.smin.i64(i64, i64)
declare void @"binned64.add"(ptr, double) #3
declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)
declare void @llvm.memset.p0.i64(ptr, i8, i64, i1)
define void @kernel(ptr noalias readonly %buffers, ptr noalias readonly %scalars, ptr noalias readonly %low, ptr noalias readonly %high, ptr noalias %trap) #0 {
entry:
  %v5 = alloca [64 x double], align 64
  %v8 = alloca [8 x i64], align 64
  %v0 = load ptr, ptr %buffers, align 8, !invariant.load !0
  %v2 = getelementptr i64, ptr %buffers, i64 1
  %v1 = load ptr, ptr %v2, align 8, !invariant.load !0
  %v4 = getelementptr i64, ptr %buffers, i64 2
  %v3 = load ptr, ptr %v4, align 8, !invariant.load !0
  %v6 = load i64, ptr %low, align 8, !invariant.load !0
  %v7 = load i64, ptr %high, align 8, !invariant.load !0
  call void @llvm.memset.p0.i64(ptr align 64 %v8, i8 0, i64 64, i1 false)
  %v9 = and i64 %v6, -64
  %v10 = icmp slt i64 %v9, %v7
  br i1 %v10, label %loop0, label %done0
loop0:
  %v11 = phi i64 [ %v9, %entry ], [ %v12, %next0 ]
  %v13 = add i64 %v11, 64
  %v14 = call i64 @llvm.smax.i64(i64 %v11, i64 %v6)
  %v15 = call i64 @llvm.smin.i64(i64 %v13, i64 %v7)
  %v16 = sub i64 %v15, %v14
  %v17 = icmp eq i64 %v16, 64
  %v18 = xor i1 %v17, true
  br i1 %v17, label %then1, label %else1
then1:
  %v19 = icmp slt i64 %v11, %v13
  br i1 %v19, label %loop2, label %done2
loop2:
  %v20 = phi i64 [ %v11, %then1 ], [ %v21, %loop2 ]
  %v23 = phi <8 x double> [ <double 0x8000000000000000, double 0x8000000000000000, double 0x8000000000000000, double 0x8000000000000000, double 0x8000000000000000, double 0x8000000000000000, double 0x8000000000000000, double 0x8000000000000000>, %then1 ], [ %v22, %loop2 ]
  %v24 = getelementptr double, ptr %v0, i64 %v20
  %v25 = load <8 x double>, ptr %v24, align 8
  %v26 = getelementptr double, ptr %v1, i64 %v20
  %v27 = load <8 x double>, ptr %v26, align 8
  %v28 = fmul <8 x double> %v25, %v27
  %v29 = fadd <8 x double> %v23, %v28
  %v22 = bitcast <8 x double> %v29 to <8 x double>
  %v21 = add nsw i64 %v20, 8
  %v30 = icmp slt i64 %v21, %v13
  br i1 %v30, label %loop2, label %done2
done2:
  %v31 = phi <8 x double> [ <double 0x8000000000000000, double 0x8000000000000000, double 0x8000000000000000, double 0x8000000000000000, double 0x8000000000000000, double 0x8000000000000000, double 0x8000000000000000, double 0x8000000000000000>, %then1 ], [ %v22, %loop2 ]
  %v32 = extractelement <8 x double> %v31, i64 0
  %v33 = extractelement <8 x double> %v31, i64 1
  %v34 = extractelement <8 x double> %v31, i64 2
  %v35 = extractelement <8 x double> %v31, i64 3
  %v36 = extractelement <8 x double> %v31, i64 4
  %v37 = extractelement <8 x double> %v31, i64 5
  %v38 = extractelement <8 x double> %v31, i64 6
  %v39 = extractelement <8 x double> %v31, i64 7
  %v40 = fadd double %v32, %v33
  %v41 = fadd double %v34, %v35
  %v42 = fadd double %v40, %v41
  %v43 = fadd double %v36, %v37
  %v44 = fadd double %v38, %v39
  %v45 = fadd double %v43, %v44
  %v46 = fadd double %v42, %v45
  br label %end1
else1:
  br i1 %v18, label %then3, label %else3
then3:
  %v47 = icmp slt i64 0, 64
  br i1 %v47, label %loop4, label %done4
loop4:
  %v48 = phi i64 [ 0, %then3 ], [ %v49, %next4 ]
  %v50 = getelementptr double, ptr %v5, i64 %v48
  store double 0x8000000000000000, ptr %v50, align 8, !llvm.access.group !1
  br label %next4
next4:
  %v49 = add nsw i64 %v48, 1
  %v51 = icmp slt i64 %v49, 64
  br i1 %v51, label %loop4, label %done4, !llvm.loop !2
done4:
  br label %end3
else3:
  br label %end3
end3:
  %v52 = icmp slt i64 %v14, %v15
  br i1 %v52, label %loop5, label %done5
loop5:
  %v53 = phi i64 [ %v14, %end3 ], [ %v54, %next5 ]
  %v55 = sub i64 %v53, %v11
  %v56 = getelementptr double, ptr %v0, i64 %v53
  %v57 = load double, ptr %v56, align 8, !llvm.access.group !4
  %v58 = getelementptr double, ptr %v1, i64 %v53
  %v59 = load double, ptr %v58, align 8, !llvm.access.group !4
  %v60 = fmul double %v57, %v59
  %v61 = getelementptr double, ptr %v5, i64 %v55
  store double %v60, ptr %v61, align 8, !llvm.access.group !4
  br label %next5
next5:
  %v54 = add nsw i64 %v53, 1
  %v62 = icmp slt i64 %v54, %v15
  br i1 %v62, label %loop5, label %done5, !llvm.loop !5
done5:
  %v63 = icmp slt i64 0, 64
  br i1 %v63, label %loop6, label %done6
loop6:
  %v64 = phi i64 [ 0, %done5 ], [ %v65, %loop6 ]
  %v67 = phi <8 x double> [ <double 0x8000000000000000, double 0x8000000000000000, double 0x8000000000000000, double 0x8000000000000000, double 0x8000000000000000, double 0x8000000000000000, double 0x8000000000000000, double 0x8000000000000000>, %done5 ], [ %v66, %loop6 ]
  %v68 = getelementptr double, ptr %v5, i64 %v64
  %v69 = load <8 x double>, ptr %v68, align 8
  %v70 = fadd <8 x double> %v67, %v69
  %v66 = bitcast <8 x double> %v70 to <8 x double>
  %v65 = add nsw i64 %v64, 8
  %v71 = icmp slt i64 %v65, 64
  br i1 %v71, label %loop6, label %done6
done6:
  %v72 = phi <8 x double> [ <double 0x8000000000000000, double 0x8000000000000000, double 0x8000000000000000, double 0x8000000000000000, double 0x8000000000000000, double 0x8000000000000000, double 0x8000000000000000, double 0x8000000000000000>, %done5 ], [ %v66, %loop6 ]
  %v73 = extractelement <8 x double> %v72, i64 0
  %v74 = extractelement <8 x double> %v72, i64 1
  %v75 = extractelement <8 x double> %v72, i64 2
  %v76 = extractelement <8 x double> %v72, i64 3
  %v77 = extractelement <8 x double> %v72, i64 4
  %v78 = extractelement <8 x double> %v72, i64 5
  %v79 = extractelement <8 x double> %v72, i64 6
  %v80 = extractelement <8 x double> %v72, i64 7
  %v81 = fadd double %v73, %v74
  %v82 = fadd double %v75, %v76
  %v83 = fadd double %v81, %v82
  %v84 = fadd double %v77, %v78
  %v85 = fadd double %v79, %v80
  %v86 = fadd double %v84, %v85
  %v87 = fadd double %v83, %v86
  br label %end1
end1:
  %v88 = phi double [ %v46, %done2 ], [ %v87, %done6 ]
  call void @binned.add64(ptr %v8, double %v88)
  br label %next0
next0:
  %v12 = add nsw i64 %v11, 64
  %v89 = icmp slt i64 %v12, %v7
  br i1 %v89, label %loop0, label %done0
done0:
  %v90 = getelementptr i8, ptr %v3, i64 0
  call void @llvm.memcpy.p0.p0.i64(ptr align 8 %v90, ptr align 64 %v8, i64 64, i1 false)
  ret void
}
attributes #0 = { nounwind }
attributes #1 = { nounwind willreturn memory(none) }
attributes #2 = { nounwind willreturn memory(argmem: readwrite) }
attributes #3 = { nounwind willreturn cold noinline memory(argmem: readwrite) }
attributes #4 = { alwaysinline nounwind willreturn memory(none) }
!0 = !{}
!1 = distinct !{}
!2 = distinct !{!2, !3}
!3 = !{!"llvm.loop.parallel_accesses", !1}
!4 = distinct !{}
!5 = distinct !{!5, !6}
!6 = !{!"llvm.loop.parallel_accesses", !4}
