using System.CommandLine;
using System.CommandLine.Invocation;
using System.Globalization;

namespace Avial.Examples.Flood;

/// <summary>What the command line asks for. Cells in metres, times in seconds.</summary>
public sealed record Options(string Scenario, double Cell, double Duration, double Every, string Out, int Width, bool IsQuiet, bool IsExplaining)
{
    /// <summary>Reads the command line; writes help and errors itself, and runs <paramref name="run"/> when all is well.</summary>
    public static int Run(string[] arguments, Func<Options, int> run)
    {
        var scenario = new Option<string>("--scenario")
        {
            Description = "What floods: the crater breaks (dam-break), a cloudburst (rain), or nothing moves (lake-at-rest).",
            DefaultValueFactory = _ => "dam-break",
        };
        scenario.AcceptOnlyFromAmong([.. Scenarios.Names]);
        var cell = Number("--cell", "Side of a cell in metres: 10, 5, 2, 1, 0.5 ... [default: 2]", CheckCell);
        var duration = Number("--duration", "Seconds to compute. [default: 60; rain: 600]", value => value > 0 ? null : "must be a positive number of seconds");
        var every = Number("--every", "Seconds between two pictures; 0 draws none and prints progress twelve times. [default: a twelfth of the duration]", value => value >= 0 ? null : "must be 0 or a positive number of seconds");
        var folder = new Option<string>("--out") { Description = "Folder for the pictures.", DefaultValueFactory = _ => "flood" };
        var width = new Option<int>("--width") { Description = "Width of the pictures in pixels, 16 to 8000.", DefaultValueFactory = _ => 1305 };
        width.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, NumberStyles.Integer, CultureInfo.InvariantCulture, out var pixels) && pixels is < 16 or > 8000)
            {
                result.AddError($"--width: {pixels} is not between 16 and 8000 pixels.");
            }
        });
        var quiet = new Option<bool>("--quiet") { Description = "Print the summary only." };
        var explain = new Option<bool>("--explain") { Description = "Print the plan first: what runs in a step, fused from what, with bytes and operations." };

        var command = new RootCommand("A flood on Maunga Whau: the shallow-water equations on the real terrain of a volcano in Auckland.")
        {
            scenario, cell, duration, every, folder, width, quiet, explain,
        };
        command.SetAction(chosen =>
        {
            var what = chosen.GetRequiredValue(scenario);
            var seconds = chosen.GetValue(duration) ?? (what == "rain" ? 600 : 60);
            return run(new Options(
                what, chosen.GetValue(cell) ?? 2, seconds, chosen.GetValue(every) ?? seconds / 12, chosen.GetRequiredValue(folder), chosen.GetValue(width), chosen.GetValue(quiet), chosen.GetValue(explain)));
        });
        var parsed = command.Parse(arguments);
        if (parsed.Action is ParseErrorAction errors)
        {
            // The error alone: a page of help would hide it.
            (errors.ShowHelp, errors.ShowTypoCorrections) = (false, false);
        }
        return parsed.Invoke();
    }

    private static Option<double?> Number(string name, string description, Func<double, string?> problem) => new(name)
    {
        Description = description,
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            var isNumber = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value);
            var error = isNumber ? problem(value) : "is not a number";
            if (error is not null)
            {
                result.AddError($"{name}: {text} {error}.");
            }
            return value;
        },
    };

    private static string? CheckCell(double cell)
    {
        if (cell < 0.1)
        {
            return "is too fine: use at least 0.1 m";
        }
        return cell <= 10 && IsWhole(870 / cell) && IsWhole(610 / cell)
            ? null
            : "does not fill the ground of 870 m × 610 m: use 10, 5, 2, 1, 0.5 or another size up to 10 m that divides both";
    }

    private static bool IsWhole(double value) => Math.Abs(value - Math.Round(value)) < 1e-6 * value;
}
