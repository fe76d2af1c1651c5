using System.Reflection;

namespace Generator.Tests.Infrastructure;

public class GeneratorHarnessTests
{
    [Fact]
    public void What_is_compiled_can_run()
    {
        Assembly assembly = GeneratorHarness.LoadCompiled("public static class Sum { public static int Of(int a, int b) => a + b; }");
        Assert.Equal(5, assembly.GetType("Sum")!.GetMethod("Of")!.Invoke(null, [2, 3]));
    }

    [Fact]
    public void Warnings_are_problems() =>
        Assert.Equal("CS0169", Assert.Single(GeneratorHarness.Run("class A { int _unused; }").Problems).Id);

    [Fact]
    public void Settings_take_effect()
    {
        HarnessOptions net8 = HarnessOptions.Strict with { Platform = Platform.Net8 };
        const string source = "using System.Runtime.Intrinsics; static class A { public static Vector512<float> F(Vector512<float> x) => Vector512.MultiplyAddEstimate(x, x, x); }";
        Assert.Empty(GeneratorHarness.Run(source).Problems);
        Assert.Equal("CS0117", Assert.Single(GeneratorHarness.Run(net8, source).Problems).Id);
    }
}
