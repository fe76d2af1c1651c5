using System.Reflection;
using Backprop;
using Backprop.Jit;

// Calls every member of every network here, so that the JIT compiles all of its kernels: see check.
Type[] networks = [.. typeof(Calls).Assembly.GetTypes().Where(type => type.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(INetwork<>)))];
MethodInfo run = typeof(Calls).GetMethod(nameof(Calls.OfEveryMember))!;
foreach (Type network in networks)
    run.MakeGenericMethod(network).Invoke(null, null);
Console.WriteLine($"{networks.Length} networks");
