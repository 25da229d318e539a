namespace Avial.Graph;

/// <summary>
/// The structure of a region as a flat list: operations by reference, wiring, captured-number positions, places and names. Equal keys mean the same
/// plan; captured numbers' values and array contents are not part of it.
/// </summary>
internal sealed class RegionKey : IEquatable<RegionKey>
{
    private readonly object[] _objects;
    private readonly int[] _numbers;
    private readonly int _hash;

    private RegionKey(object[] objects, int[] numbers)
    {
        _objects = objects;
        _numbers = numbers;
        var hash = new HashCode();
        foreach (object item in objects)
        {
            hash.Add(item is Operation ? System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(item) : item.GetHashCode());
        }
        foreach (int number in numbers)
        {
            hash.Add(number);
        }
        _hash = hash.ToHashCode();
    }

    public static RegionKey Of(Region region)
    {
        var objects = new List<object>(region.Parameters.Length + region.Nodes.Length * 3);
        var numbers = new List<int>(region.Nodes.Length * 6);
        objects.AddRange(region.Parameters);
        foreach (GraphNode node in region.Nodes)
        {
            objects.Add(node.Operation);
            objects.Add(node.Name);
            objects.Add(node.Span.Text);
            numbers.Add(node.Span.Line);
            numbers.Add(node.Target == Targets.Cpu ? 0 : node.Target == Targets.Gpu ? 1 : 2);
            numbers.Add((int)node.Precision);
            foreach (GraphValue input in node.Inputs)
            {
                numbers.Add(input.Node);
                numbers.Add(input.Output);
            }
            numbers.Add(-2);
            foreach (int scalar in node.Scalars)
            {
                numbers.Add(scalar);
            }
            numbers.Add(-3);
        }
        foreach (GraphValue result in region.Results)
        {
            numbers.Add(result.Node);
            numbers.Add(result.Output);
        }
        return new RegionKey([.. objects], [.. numbers]);
    }

    public bool Equals(RegionKey? other)
    {
        if (other is null || _hash != other._hash || _objects.Length != other._objects.Length || !_numbers.AsSpan().SequenceEqual(other._numbers))
        {
            return false;
        }
        for (int i = 0; i < _objects.Length; i++)
        {
            if (!ReferenceEquals(_objects[i], other._objects[i]) && (_objects[i] is Operation || !_objects[i].Equals(other._objects[i])))
            {
                return false;
            }
        }
        return true;
    }

    public override bool Equals(object? obj) => Equals(obj as RegionKey);

    public override int GetHashCode() => _hash;
}
