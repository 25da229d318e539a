// The main example: a flood over a real volcano, with pictures and a summary. Try --help.

using System.Diagnostics;
using System.Globalization;
using Avial;
using Avial.Diagnostics;
using Avial.Examples;
using Avial.Examples.Flood;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
return Options.Run(args, options =>
{
    try
    {
        return Run(options);
    }
    catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException or AvialException)
    {
        Console.Error.WriteLine($"flood: {error.Message}");
        return 1;
    }
});

static int Run(Options options)
{
    var model = Scenarios.Create(options.Scenario, options.Cell);
    var bed = model.Bed;
    var pictures = options.Every > 0 ? new ShadedRelief(bed, options.Width / bed.Width) : null;
    if (pictures is not null)
    {
        Directory.CreateDirectory(options.Out);
    }
    if (options.IsExplaining)
    {
        Console.WriteLine(Simulation.Explain(model));
    }
    Say(options, $"{options.Scenario} on {bed.Rows}×{bed.Columns} cells of {bed.Cell} m for {options.Duration} s");

    var advance = Simulation.Start(model);
    var start = new Balance(model.Start, bed);
    var water = new Water(model.Start, 0, 0);
    var (lowest, computing, drawn) = (0.0, new Stopwatch(), 0);
    Draw(water);
    while (water.Time < options.Duration)
    {
        var every = options.Every > 0 ? options.Every : options.Duration / 12;
        var next = Math.Min(every * Math.Floor(water.Time / every + 1.5), options.Duration);
        computing.Start();
        water = advance(next);
        computing.Stop();
        Draw(water);
    }

    var end = new Balance(water.Cells, bed);
    var fallen = model.Rain * water.Time * bed.Width * bed.Height;
    var cells = (double)bed.Rows * bed.Columns * water.Steps;
    Console.WriteLine($"""
        scenario      {options.Scenario}, {bed.Rows}×{bed.Columns} cells of {bed.Cell} m, {water.Time:0.###} s in {water.Steps} steps
        water         {end.Volume:N0} m³ on {end.WetShare:P1} of the ground, deepest {end.Deepest:0.00} m, fastest {end.Fastest:0.00} m/s
        mass error    {Math.Abs(end.Volume - start.Volume - fallen) / Math.Max(end.Volume, double.Epsilon):0.0e+00} relative
        lowest depth  {lowest:0.###} m
        speed         {cells / Math.Max(1e-9, computing.Elapsed.TotalSeconds) / 1e6:0.0} million cells a second, {computing.Elapsed.TotalSeconds:0.00} s of computing
        ran on        {Simulation.Where}
        """);
    if (pictures is not null)
    {
        Console.WriteLine($"pictures      {drawn} in {Path.GetFullPath(options.Out)}");
    }
    return 0;

    void Draw(Water now)
    {
        lowest = Math.Min(lowest, now.Cells.Min(cell => cell.H));
        var name = "";
        if (pictures is not null)
        {
            var depth = bed.With([.. now.Cells.Select(cell => cell.H)]);
            name = $"{options.Scenario}-{drawn++:0000}.png";
            pictures.Draw(depth, film: model.Rain > 0 ? 0.06 : 0.02).Save(Path.Combine(options.Out, name));
        }
        var balance = new Balance(now.Cells, bed);
        Say(options, $"{now.Time,8:0.0} s  {now.Steps,7} steps  deepest {balance.Deepest,5:0.00} m  fastest {balance.Fastest,5:0.00} m/s  wet {balance.WetShare,6:P1}  {name}".TrimEnd());
    }
}

static void Say(Options options, string text)
{
    if (!options.IsQuiet)
    {
        Console.WriteLine(text);
    }
}
