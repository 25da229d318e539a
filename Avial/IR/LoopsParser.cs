using System.Collections.Immutable;
using Avial.IR.Text;

namespace Avial.IR;

/// <summary>Reads the text of a loops function back.</summary>
internal static class LoopsParser
{
    /// <summary>The function, not verified; <see cref="FormatException"/> with line and column where the text is none.</summary>
    public static LoopsFunction Parse(string source)
    {
        var text = new TextScanner(source);
        var parser = new InstructionParser(text);
        text.Take("loops");
        string name = text.TakeString();
        text.Take("{");
        ImmutableArray<BufferParameter> buffers = Buffers(parser);
        ImmutableArray<LocalBuffer> locals = Locals(parser, buffers.Length);
        ImmutableArray<TrapSite> sites = Sites(text);
        ImmutableArray<Value> scalars = text.TryTake("scalars") ? Scalars(parser) : [];
        (ImmutableArray<Value> low, ImmutableArray<Value> high) = text.TryTake("box") ? Box(parser) : ([], []);
        text.Take("body");
        Block body = parser.Braces([]);
        text.Take("}");
        return text.IsAtEnd ? new LoopsFunction(name, buffers, scalars, low, high, body) { TrapSites = sites, Locals = locals }
            : throw text.Error("the end of the text");
    }

    private static ImmutableArray<BufferParameter> Buffers(InstructionParser parser)
    {
        var buffers = ImmutableArray.CreateBuilder<BufferParameter>();
        while (parser.Text.TryTake("buffer"))
        {
            (string name, ScalarType type) = Declaration(parser, buffers.Count);
            bool isWritten = parser.Text.TryTake("written");
            buffers.Add(new BufferParameter(name, type, isWritten, parser.Text.TryTake("noalias")));
        }
        return buffers.ToImmutable();
    }

    private static ImmutableArray<LocalBuffer> Locals(InstructionParser parser, int first)
    {
        var locals = ImmutableArray.CreateBuilder<LocalBuffer>();
        while (parser.Text.TryTake("local"))
        {
            (string name, ScalarType type) = Declaration(parser, first + locals.Count);
            parser.Text.Take("length");
            locals.Add(new LocalBuffer(name, type, checked((int)parser.Text.TakeLong())));
        }
        return locals.ToImmutable();
    }

    /// <summary><c>x: f32</c>, or <c>#3 "any name": f32</c>.</summary>
    private static (string Name, ScalarType Type) Declaration(InstructionParser parser, int number)
    {
        TextScanner text = parser.Text;
        string name;
        if (text.TryTake("#"))
        {
            if (text.TakeInt() != number)
            {
                throw text.Refuse($"buffer #{number} comes next");
            }
            name = text.TakeString();
        }
        else
        {
            name = text.TakeIdentifier();
            parser.BufferLabels[name] = number;
        }
        text.Take(":");
        return (name, parser.Type());
    }

    private static ImmutableArray<TrapSite> Sites(TextScanner text)
    {
        var sites = ImmutableArray.CreateBuilder<TrapSite>();
        while (text.TryTake("trap"))
        {
            int number = checked((int)text.TakeLong());
            TrapKind kind = InstructionForms.TrapKindOf(text);
            string subject = text.TakeString();
            sites.Add(new TrapSite(number, kind, text.TryTake("@") ? SpanText.Parse(text) : Diagnostics.SourceSpan.None, subject));
        }
        return sites.ToImmutable();
    }

    private static ImmutableArray<Value> Scalars(InstructionParser parser)
    {
        var scalars = ImmutableArray.CreateBuilder<Value>();
        do
        {
            int id = parser.ValueId();
            parser.Text.Take(":");
            scalars.Add(parser.Define(id, parser.Type()));
        }
        while (parser.Text.TryTake(","));
        return scalars.ToImmutable();
    }

    private static (ImmutableArray<Value> Low, ImmutableArray<Value> High) Box(InstructionParser parser)
    {
        var low = ImmutableArray.CreateBuilder<Value>();
        var high = ImmutableArray.CreateBuilder<Value>();
        do
        {
            low.Add(parser.Define(parser.ValueId(), ScalarType.I64));
            parser.Text.Take("..");
            high.Add(parser.Define(parser.ValueId(), ScalarType.I64));
        }
        while (parser.Text.TryTake(","));
        return (low.ToImmutable(), high.ToImmutable());
    }
}
