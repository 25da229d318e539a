define void @kernel(ptr noalias readonly %buffers, ptr noalias readonly %scalars, ptr noalias readonly %low, ptr noalias readonly %high, ptr noalias %trap) #0 {
entry:
  %v0 = load ptr, ptr %buffers, align 8, !invariant.load !0
  %v2 = getelementptr i64, ptr %buffers, i64 1
  %v1 = load ptr, ptr %v2, align 8, !invariant.load !0
  %v3 = load i64, ptr %scalars, align 8, !invariant.load !0
  %v4 = load i64, ptr %low, align 8, !invariant.load !0
  %v5 = getelementptr i64, ptr %low, i64 1
  %v6 = load i64, ptr %v5, align 8, !invariant.load !0
  %v7 = load i64, ptr %high, align 8, !invariant.load !0
  %v8 = getelementptr i64, ptr %high, i64 1
  %v9 = load i64, ptr %v8, align 8, !invariant.load !0
  %v10 = icmp slt i64 %v4, %v7
  br i1 %v10, label %loop0, label %done0
loop0:
  %v11 = phi i64 [ %v4, %entry ], [ %v12, %next0 ]
  %v13 = mul i64 %v11, %v3
  %v14 = icmp slt i64 %v6, %v9
  br i1 %v14, label %loop1, label %done1
loop1:
  %v15 = phi i64 [ %v6, %loop0 ], [ %v16, %next1 ]
  %v17 = add i64 %v13, %v15
  %v18 = sub i64 %v17, 1
  %v19 = getelementptr float, ptr %v0, i64 %v18
  %v20 = load float, ptr %v19, align 4, !llvm.access.group !1
  %v21 = add i64 %v17, 1
  %v22 = getelementptr float, ptr %v0, i64 %v21
  %v23 = load float, ptr %v22, align 4, !llvm.access.group !1
  %v24 = fadd float %v20, %v23
  %v25 = getelementptr float, ptr %v1, i64 %v17
  store float %v24, ptr %v25, align 4, !llvm.access.group !1
  br label %next1
next1:
  %v16 = add nsw i64 %v15, 1
  %v26 = icmp slt i64 %v16, %v9
  br i1 %v26, label %loop1, label %done1, !llvm.loop !2
done1:
  br label %next0
next0:
  %v12 = add nsw i64 %v11, 1
  %v27 = icmp slt i64 %v12, %v7
  br i1 %v27, label %loop0, label %done0
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
