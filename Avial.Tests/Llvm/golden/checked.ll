declare i32 @llvm.abs.i32(i32, i1)
declare { i32, i1 } @llvm.smul.with.overflow.i32(i32, i32)
define void @kernel(ptr noalias readonly %buffers, ptr noalias readonly %scalars, ptr noalias readonly %low, ptr noalias readonly %high, ptr noalias %trap) #0 {
entry:
  %v0 = load ptr, ptr %buffers, align 8, !invariant.load !0
  %v1 = load i32, ptr %scalars, align 8, !invariant.load !0
  %v2 = load i64, ptr %low, align 8, !invariant.load !0
  %v3 = load i64, ptr %high, align 8, !invariant.load !0
  %v4 = icmp slt i64 %v2, %v3
  br i1 %v4, label %loop0, label %done0
loop0:
  %v5 = phi i64 [ %v2, %entry ], [ %v6, %next0 ]
  %v7 = call { i32, i1 } @llvm.smul.with.overflow.i32(i32 %v1, i32 %v1)
  %v8 = extractvalue { i32, i1 } %v7, 1
  br i1 %v8, label %trap1, label %go1, !prof !1
go1:
  %v9 = mul i32 %v1, %v1
  %v10 = sext i32 %v9 to i64
  %v11 = icmp sge i64 %v10, -32768
  %v12 = icmp sle i64 %v10, 32767
  %v13 = and i1 %v11, %v12
  %v14 = xor i1 %v13, true
  br i1 %v14, label %trap2, label %go2, !prof !1
go2:
  %v15 = icmp eq i32 %v9, -2147483648
  %v16 = call i32 @llvm.abs.i32(i32 %v9, i1 false)
  br i1 %v15, label %trap3, label %go3, !prof !1
go3:
  %v17 = icmp slt i64 %v5, %v2
  br i1 %v17, label %trap4, label %go4, !prof !1
go4:
  %v18 = getelementptr i32, ptr %v0, i64 %v5
  store i32 %v16, ptr %v18, align 4
  br label %next0
next0:
  %v6 = add nsw i64 %v5, 1
  %v19 = icmp slt i64 %v6, %v3
  br i1 %v19, label %loop0, label %done0
done0:
  ret void
trap1:
  store i64 0, ptr %trap, align 8
  %v20 = getelementptr i64, ptr %trap, i64 1
  store i64 %v5, ptr %v20, align 8
  ret void
trap2:
  store i64 0, ptr %trap, align 8
  %v21 = getelementptr i64, ptr %trap, i64 1
  store i64 %v5, ptr %v21, align 8
  ret void
trap3:
  store i64 1, ptr %trap, align 8
  %v22 = getelementptr i64, ptr %trap, i64 1
  store i64 %v5, ptr %v22, align 8
  ret void
trap4:
  store i64 2, ptr %trap, align 8
  %v23 = getelementptr i64, ptr %trap, i64 1
  store i64 %v5, ptr %v23, align 8
  %v24 = getelementptr i64, ptr %trap, i64 5
  store i64 %v5, ptr %v24, align 8
  %v25 = getelementptr i64, ptr %trap, i64 6
  store i64 %v3, ptr %v25, align 8
  ret void
}
attributes #0 = { nounwind }
attributes #1 = { nounwind willreturn memory(none) }
attributes #2 = { nounwind willreturn memory(argmem: readwrite) }
attributes #3 = { nounwind willreturn cold noinline memory(argmem: readwrite) }
attributes #4 = { alwaysinline nounwind willreturn memory(none) }
!0 = !{}
!1 = !{!"branch_weights", i32 1, i32 1048576}
