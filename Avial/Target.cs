namespace Avial;

/// <summary>The kind of device a task should run on.</summary>
public abstract record Target
{
    private protected Target()
    {
    }
}

/// <summary>The targets a task can name; say <c>using static Avial.Targets;</c>.</summary>
public static class Targets
{
    /// <summary>The processor, all its cores.</summary>
    public static Target Cpu { get; } = new CpuTarget();

    /// <summary>A graphics processor; an error with a remedy where the session has none.</summary>
    public static Target Gpu { get; } = new GpuTarget();

    /// <summary>Whatever the cost model finds fastest; the default.</summary>
    public static Target Auto { get; } = new AutoTarget();

    private sealed record CpuTarget : Target
    {
        public override string ToString() => "cpu";
    }

    private sealed record GpuTarget : Target
    {
        public override string ToString() => "gpu";
    }

    private sealed record AutoTarget : Target
    {
        public override string ToString() => "auto";
    }
}
