using System.Reflection;
using System.Text.RegularExpressions;
using Backprop;
using Backprop.Numerics;

namespace Runtime.Tests.Reference;

/// <summary>docs/backpropagation.md names methods beside its equations; they exist.</summary>
public partial class DerivationTests
{
    private static readonly Type[] Named =
        [typeof(ReferenceNetwork), typeof(ReferenceLayer), typeof(CrossEntropy), typeof(BinaryCrossEntropy), typeof(ActivationTraits)];

    [Fact]
    public void EveryMethodThatTheDerivationNamesExists()
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("backpropagation.md")!;
        string text = new StreamReader(stream).ReadToEnd();
        const BindingFlags all = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static;
        int found = 0;
        foreach (Type type in Named)
        {
            foreach (Match match in MethodName().Matches(text).Where(m => m.Groups["type"].Value == type.Name))
            {
                string method = match.Groups["method"].Value;
                Assert.True(type.GetMethods(all).Any(m => m.Name == method), $"{type.Name} has no method {method}");
                found++;
            }
        }

        Assert.True(found >= 15, $"only {found} names were found");
    }

    [GeneratedRegex(@"`(?<type>[A-Z]\w+)\.(?<method>[A-Z]\w+)`")]
    private static partial Regex MethodName();
}
