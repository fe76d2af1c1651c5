using System.Reflection;
using Backprop;
using Backprop.Jit;

// Calls every member of every network here, so that the JIT compiles all of its kernels, and names what is to be inlined and was not: see check.
using var refusals = new InliningRefusals();
Type[] networks = [.. typeof(Calls).Assembly.GetTypes().Where(type => type.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(INetwork<>)))];
MethodInfo run = typeof(Calls).GetMethod(nameof(Calls.OfEveryMember))!;
foreach (Type network in networks)
    run.MakeGenericMethod(network).Invoke(null, null);

// Events come a little later than what they tell of.
for (int last = -1; last != refusals.All.Count; Thread.Sleep(TimeSpan.FromSeconds(1)))
    last = refusals.All.Count;
HashSet<string> inlined =
[
    .. typeof(Calls).Assembly.GetTypes().Concat(typeof(INetwork<>).Assembly.GetTypes())
        .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
        .Where(method => method.MethodImplementationFlags.HasFlag(MethodImplAttributes.AggressiveInlining))
        .Select(method => $"{method.DeclaringType}:{method.Name}"),
];
foreach ((string method, string into, string reason) in refusals.All.Where(refusal => inlined.Contains(refusal.Method)).Distinct())
    Console.WriteLine($"not inlined {method} into {into}: {reason}");
Console.WriteLine($"{networks.Length} networks");
