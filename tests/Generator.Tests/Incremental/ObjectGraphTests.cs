using System.Collections;
using System.Collections.Immutable;
using System.Reflection;
using Backprop.Generator;
using Generator.Tests.Infrastructure;
using Microsoft.CodeAnalysis;

namespace Generator.Tests.Incremental;

/// <summary>What the pipeline keeps between edits holds nothing of the compiler: that would keep whole compilations alive.</summary>
public class ObjectGraphTests
{
    [Theory]
    [InlineData(NetworkGenerator.Stages.Parse)]
    [InlineData(NetworkGenerator.Stages.Emit)]
    public void Holds_values_only(string stage)
    {
        GeneratorRun run = GeneratorHarness.Run("""
            namespace A { partial class B { [Backprop.Network(3)] [Backprop.Dense(2)] [Backprop.Dense(2)] public partial class Net; } }
            [Backprop.Network(0)] public partial class Refused;
            """);
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        foreach (IncrementalGeneratorRunStep step in run.Result.TrackedSteps[stage])
        {
            foreach ((object value, _) in step.Outputs)
                Visit(value, seen);
        }
        Assert.True(seen.Count > 5);
    }

    private static void Visit(object? value, HashSet<object> seen)
    {
        if (value is null || !seen.Add(value))
            return;
        Type type = value.GetType();
        Assert.False(type.Namespace!.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal), $"{type} is in the model");
        Assert.False(type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>), "ImmutableArray has no value equality");
        if (type.IsPrimitive || type.IsEnum || value is string)
            return;
        if (value is IEnumerable items)
        {
            foreach (object? item in items)
                Visit(item, seen);
        }
        if (type.IsArray)
            return;
        foreach (FieldInfo field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
            Visit(field.GetValue(value), seen);
    }
}
