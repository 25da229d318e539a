define void @kernel(ptr noalias readonly %buffers, ptr noalias readonly %scalars, ptr noalias readonly %low, ptr noalias readonly %high, ptr noalias %trap) #0 {
entry:
  %v0 = load ptr, ptr %buffers, align 8, !invariant.load !0
  %v2 = getelementptr i64, ptr %buffers, i64 1
  %v1 = load ptr, ptr %v2, align 8, !invariant.load !0
  %v4 = getelementptr i64, ptr %buffers, i64 2
  %v3 = load ptr, ptr %v4, align 8, !invariant.load !0
  %v5 = load float, ptr %scalars, align 8, !invariant.load !0
  %v6 = load i64, ptr %low, align 8, !invariant.load !0
  %v7 = load i64, ptr %high, align 8, !invariant.load !0
  %v8 = icmp slt i64 %v6, %v7
  br i1 %v8, label %loop0, label %done0
loop0:
  %v9 = phi i64 [ %v6, %entry ], [ %v10, %next0 ]
  %v11 = getelementptr float, ptr %v0, i64 %v9
  %v12 = load float, ptr %v11, align 4, !llvm.access.group !1
  %v13 = getelementptr float, ptr %v1, i64 %v9
  %v14 = load float, ptr %v13, align 4, !llvm.access.group !1
  %v15 = fmul float %v5, %v12
  %v16 = fadd float %v15, %v14
  %v17 = getelementptr float, ptr %v3, i64 %v9
  store float %v16, ptr %v17, align 4, !llvm.access.group !1
  br label %next0
next0:
  %v10 = add nsw i64 %v9, 1
  %v18 = icmp slt i64 %v10, %v7
  br i1 %v18, label %loop0, label %done0, !llvm.loop !2
done0:
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
