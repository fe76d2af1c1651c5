using System.Diagnostics;
using Backprop.Soak;

// Soak [SECONDS], 20 of them where nothing is said: trains and asks networks for so long, then does the same once more.
// Exit code 0 where no call allocated after the first rounds, nothing collected, memory stayed what it was, and the second
// time gave the same parameters to the last bit.
double seconds = args.Length > 0 ? double.Parse(args[0]) : 20;

// Two networks, two times each.
TimeSpan share = TimeSpan.FromSeconds(seconds / 4);
bool passed = Soak<SmallNet>(share) & Soak<PooledNet>(share);
return passed ? 0 : 1;

static bool Soak<TNet>(TimeSpan time) where TNet : class, Backprop.INetwork<TNet>
{
    // What makes processes of a minute's age differ from one of a second's: compiled methods, full pools, threads that have slept.
    using (var first = new Course<TNet>(seed: 2))
        Run(first, time / 10, long.MaxValue, out _);
    GC.Collect();

    using Course<TNet> one = new(seed: 1), two = new(seed: 1);
    one.Round();
    two.Round();
    Memory start = Memory.Now(first: true);
    float loss = Run(one, time, long.MaxValue, out long rounds);
    Memory once = Memory.Now(first: false), again = Memory.Now(first: true);
    loss += Run(two, TimeSpan.MaxValue, rounds, out _);
    Memory end = Memory.Now(first: false);

    long calls = 2 * rounds * Course<TNet>.CallsPerRound;
    long own = once.Own - start.Own + end.Own - again.Own, all = once.All - start.All + end.All - again.All;
    int collections = once.Collections - start.Collections + end.Collections - again.Collections;
    // The second time only: in the first, the system may still bring in pages that were asked for long ago.
    long growth = end.Resident - again.Resident;
    bool same = one.Parameters.SequenceEqual(two.Parameters);
    // Other threads are the runtime's too; but what a member allocates on ours is at least an object of 24 bytes, in each round, and
    // what it leaks a chunk of 32.
    bool passed = own == 0 && all < 24 * rounds && collections == 0 && growth < 32 * rounds && same && float.IsFinite(loss);
    Console.WriteLine($"{(passed ? "ok  " : "FAIL")} {typeof(TNet).Name}: {calls} calls; {own} bytes allocated by the calling thread and {all - own} by all others, {collections} collections, {growth / 1024} KiB more memory; the second time gave {(same ? "the same bits" : "other parameters")}");
    return passed;
}

static float Run<TNet>(Course<TNet> course, TimeSpan time, long most, out long rounds) where TNet : class, Backprop.INetwork<TNet>
{
    long start = Stopwatch.GetTimestamp();
    float loss = 0;
    rounds = 0;
    while (rounds < most && (time == TimeSpan.MaxValue || Stopwatch.GetElapsedTime(start) < time))
    {
        loss = course.Round();
        rounds++;
    }
    return loss;
}
