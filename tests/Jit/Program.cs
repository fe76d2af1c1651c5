using System.Reflection;
using Backprop;
using Backprop.Jit;

// Calls every member of every network here, so that the JIT compiles all of its kernels, and names those methods that are to be part of their callers: see check.
Type[] networks = [.. typeof(Calls).Assembly.GetTypes().Where(type => type.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(INetwork<>)))];
MethodInfo run = typeof(Calls).GetMethod(nameof(Calls.OfEveryMember))!;
foreach (Type network in networks)
    run.MakeGenericMethod(network).Invoke(null, null);
foreach (MethodInfo method in networks.SelectMany(network => network.GetNestedTypes(BindingFlags.NonPublic)).SelectMany(kernels => kernels.GetMethods(BindingFlags.Static | BindingFlags.NonPublic)))
{
    if (method.MethodImplementationFlags.HasFlag(MethodImplAttributes.AggressiveInlining))
        Console.WriteLine($"inlined {method.DeclaringType}:{method.Name}");
}
Console.WriteLine($"{networks.Length} networks");
