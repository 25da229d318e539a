using Avial.Benchmarks.Quick;
using BenchmarkDotNet.Running;

if (args is ["--quick", .. var groups])
{
    return QuickBenchmarks.Run(groups);
}
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;
