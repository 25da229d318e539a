using System.Collections.Immutable;
using Avial.Diagnostics;

namespace Avial.IR.Text;

/// <summary>Reads what <see cref="InstructionPrinter"/> writes. Knows the type of every value defined so far; the verifier judges the rest.</summary>
internal sealed class InstructionParser
{
    private readonly Dictionary<int, Value> _values = [];

    public InstructionParser(TextScanner text) => Text = text;

    public TextScanner Text { get; }

    /// <summary>The buffers of the function around by their labels.</summary>
    public Dictionary<string, int> BufferLabels { get; } = [];

    /// <summary>Makes a value known.</summary>
    public Value Define(int id, ScalarType type) => _values[id] = new Value(id, type);

    public int ValueId()
    {
        Text.Take("%");
        return Text.TakeInt();
    }

    /// <summary>A value defined before.</summary>
    public Value Value()
    {
        int id = ValueId();
        return _values.TryGetValue(id, out Value value) ? value : throw Text.Refuse($"%{id} is not defined before");
    }

    public ImmutableArray<Value> Values(int count)
    {
        var values = ImmutableArray.CreateBuilder<Value>(count);
        for (int i = 0; i < count; i++)
        {
            if (i > 0)
            {
                Text.Take(",");
            }
            values.Add(Value());
        }
        return values.MoveToImmutable();
    }

    /// <summary>Values with commas between, up to what is no value; may be none.</summary>
    public ImmutableArray<Value> ValueList()
    {
        var values = ImmutableArray.CreateBuilder<Value>();
        while (Text.Peek("%"))
        {
            values.Add(Value());
            if (!Text.TryTake(","))
            {
                break;
            }
        }
        return values.ToImmutable();
    }

    public ScalarType Type()
    {
        string name = Text.TakeIdentifier();
        return ScalarTypes.Parse(name) ?? throw Text.Refuse($"'{name}' is no scalar type");
    }

    /// <summary><c>2*%1 - %3 + 5</c>.</summary>
    public AffineIndex Affine() => AffineIndex.Of(Text.TakeSum(() => Text.Peek("%"), Value, out long constant).Select(t => new AffineTerm(t.Atom, t.Coefficient)), constant);

    /// <summary><c>@ File.cs:12 "text"</c>, or nothing.</summary>
    public SourceSpan Span() => Text.TryTake("@") ? SpanText.Parse(Text) : SourceSpan.None;

    /// <summary><c>{ … }</c> with its parameters defined before; the last line is <paramref name="last"/> with the results.</summary>
    public Block Braces(ImmutableArray<Value> parameters, string last = "yield")
    {
        var instructions = ImmutableArray.CreateBuilder<Instruction>();
        ImmutableArray<Value> results = [];
        Text.Take("{");
        while (!Text.TryTake("}"))
        {
            if (Text.TryTake(last))
            {
                results = ValueList();
                Text.Take("}");
                break;
            }
            instructions.Add(Instruction());
        }
        return new Block(parameters, instructions.ToImmutable(), results);
    }

    public Instruction Instruction()
    {
        var results = ImmutableArray.CreateBuilder<int>();
        if (Text.Peek("%"))
        {
            do
            {
                results.Add(ValueId());
            }
            while (Text.TryTake(","));
            Text.Take("=");
        }
        (InstructionForm form, ScalarType? type) = Mnemonic();
        Instruction instruction = form.Parse(this, new FormHead(results.ToImmutable(), type));
        if (instruction.Blocks().IsEmpty)
        {
            instruction = instruction with { Span = Span() };
        }
        if (instruction is LoadInstruction load)
        {
            instruction = load with { Access = load.Access with { Span = Text.TryTake("read") ? Span() : load.Span } };
        }
        foreach (Value result in instruction.Results)
        {
            Define(result.Id, result.Type);
        }
        return instruction;
    }

    /// <summary>The end of the header of an instruction with blocks: <c>: f32, i64 @ File.cs:3</c>.</summary>
    public (ImmutableArray<Value> Results, SourceSpan Span) HeaderEnd(FormHead head)
    {
        var results = ImmutableArray.CreateBuilder<Value>();
        foreach (int id in head.Results)
        {
            Text.Take(results.Count == 0 ? ":" : ",");
            results.Add(new Value(id, Type()));
        }
        return (results.ToImmutable(), Span());
    }

    public int Buffer()
    {
        if (Text.TryTake("#"))
        {
            return Text.TakeInt();
        }
        string label = Text.TakeIdentifier();
        return BufferLabels.TryGetValue(label, out int buffer) ? buffer : throw Text.Refuse($"'{label}' is no buffer of the function");
    }

    /// <summary>A number behind a letter: <c>a3</c>.</summary>
    public int Numbered(char letter) => Numbered(Text.TakeIdentifier(), letter);

    /// <summary><c>a0</c> or <c>a1.2</c>.</summary>
    public (int Operand, int Column) Column()
    {
        string[] parts = Text.TakeIdentifier().Split('.');
        int column = 0;
        if (parts.Length > 2 || parts.Length == 2 && !int.TryParse(parts[1], out column))
        {
            throw Text.Refuse("an operand with its column reads a1.2");
        }
        return (Numbered(parts[0], 'a'), column);
    }

    private int Numbered(string name, char letter) =>
        name[0] == letter && int.TryParse(name.AsSpan(1), out int number) ? number : throw Text.Refuse($"'{name}' is not {letter} with a number");

    private (InstructionForm Form, ScalarType? Type) Mnemonic()
    {
        string word = Text.TakeIdentifier();
        if (InstructionForms.Find(word) is { } whole)
        {
            return (whole, null);
        }
        int dot = word.LastIndexOf('.');
        if (dot > 0 && ScalarTypes.Parse(word[(dot + 1)..]) is { } type && InstructionForms.Find(word[..dot]) is { } form)
        {
            return (form, type);
        }
        throw Text.Refuse($"'{word}' is no instruction");
    }
}
