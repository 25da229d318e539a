declare double @"binned64.result"(ptr) #2
declare void @"binned64.merge"(ptr, ptr) #2
declare void @llvm.memset.p0.i64(ptr, i8, i64, i1)
define void @kernel(ptr noalias readonly %buffers, ptr noalias readonly %scalars, ptr noalias readonly %low, ptr noalias readonly %high, ptr noalias %trap) #0 {
entry:
  %v5 = alloca [8 x i64], align 64
  %v0 = load ptr, ptr %buffers, align 8, !invariant.load !0
  %v2 = getelementptr i64, ptr %buffers, i64 1
  %v1 = load ptr, ptr %v2, align 8, !invariant.load !0
  %v3 = load i64, ptr %low, align 8, !invariant.load !0
  %v4 = load i64, ptr %high, align 8, !invariant.load !0
  call void @llvm.memset.p0.i64(ptr align 64 %v5, i8 0, i64 64, i1 false)
  %v6 = icmp slt i64 %v3, %v4
  br i1 %v6, label %loop0, label %done0
loop0:
  %v7 = phi i64 [ %v3, %entry ], [ %v8, %next0 ]
  %v9 = mul i64 %v7, 64
  %v10 = getelementptr i8, ptr %v0, i64 %v9
  call void @"binned64.merge"(ptr %v5, ptr %v10)
  br label %next0
next0:
  %v8 = add nsw i64 %v7, 1
  %v11 = icmp slt i64 %v8, %v4
  br i1 %v11, label %loop0, label %done0
done0:
  %v12 = call double @"binned64.result"(ptr %v5)
  %v13 = getelementptr double, ptr %v1, i64 0
  store double %v12, ptr %v13, align 8
  ret void
}
attributes #0 = { nounwind }
attributes #1 = { nounwind willreturn memory(none) }
attributes #2 = { nounwind willreturn memory(argmem: readwrite) }
attributes #3 = { nounwind willreturn cold noinline memory(argmem: readwrite) }
attributes #4 = { alwaysinline nounwind willreturn memory(none) }
!0 = !{}
