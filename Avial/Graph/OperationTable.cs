using System.Collections.Concurrent;

namespace Avial.Graph;

/// <summary>
/// Keeps one instance of equal operations, so that plans can be keyed by reference: the same task recorded again has the same operation object.
/// </summary>
internal static class OperationTable
{
    private const int Most = 100_000; // a program that records ever new shapes must not grow without end

    private static readonly ConcurrentDictionary<Operation, Operation> s_operations = [];

    public static Operation Intern(Operation operation)
    {
        if (s_operations.TryGetValue(operation, out Operation? known))
        {
            return known;
        }
        if (s_operations.Count > Most)
        {
            s_operations.Clear();
        }
        return s_operations.GetOrAdd(operation, operation);
    }
}
