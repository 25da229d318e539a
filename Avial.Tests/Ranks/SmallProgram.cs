using System.Collections;

namespace Avial.Tests.Ranks;

/// <summary>A small program that records in the current session and gives its live results.</summary>
internal sealed record SmallProgram(string Name, Func<IEnumerable> Run)
{
    public override string ToString() => Name;
}
