using System.Linq.Expressions;

namespace Avial.Import;

/// <summary>
/// One node of a lambda, flattened in evaluation order; equal token lists mean equal kernels but for what is captured. Holds types, members and
/// numbers, never a user's object.
/// </summary>
internal readonly record struct ShapeToken(ExpressionType Kind, Type Type, object? Detail, long Number)
{
    /// <summary>The kind of a captured value; <see cref="Number"/> is its capture.</summary>
    public const ExpressionType CaptureKind = (ExpressionType)1000;
}
