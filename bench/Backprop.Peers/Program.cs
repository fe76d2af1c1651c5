using Backprop.Benchmarks;
using Backprop.Benchmarks.Peers;

const string Usage = """
    Backprop.Peers names                          the workloads
    Backprop.Peers export FOLDER                  writes each workload for the other peers: NAME.bin, NAME.h, NAME.onnx
    Backprop.Peers check                          checks that both C# engines agree with the reference engine
    Backprop.Peers limits                         measures the machine
    Backprop.Peers measure WORKLOAD PEER          measures 'backprop' or 'tensorprimitives'
    Backprop.Peers report FILE                    the table of all measurements in FILE
    Backprop.Peers optimizers                     generated steps of each optimizer beside plain SGD
    Backprop.Peers batches                        generated code per sample, for batches of 1 to 100
    Backprop.Peers gradients                      gradients, without and with that by the inputs
    Backprop.Peers threads                        training steps on one thread and on two
    Backprop.Peers epochs                         the trainer beside the steps alone, and an evaluation
    Backprop.Peers first-calls                    what the first calls of generated code take

    Measurements are JSON, one a line. PEERS_BLOCK_SECONDS sets how long one timed block lasts (default 0.01);
    PEERS_BEST=1 takes the best of 600 short blocks in place of the median of nine.
    """;

switch (args)
{
    case ["names"]:
        Console.WriteLine(string.Join(' ', PeerWorkload.All.Select(w => w.Name)));
        return 0;
    case ["export", string folder]:
        foreach (PeerWorkload workload in PeerWorkload.All)
            WorkloadFiles.Write(folder, workload);
        return 0;
    case ["check"]:
        foreach (PeerWorkload workload in PeerWorkload.All)
        {
            foreach (string peer in PeerWorkload.Engines)
                Agreement.Require($"{workload.Name}, {peer}", workload.Engine(peer), workload.Workload);
        }
        return 0;
    case ["limits"]:
        MachineLimits.Measure();
        return 0;
    case ["measure", string name, string peer] when PeerWorkload.All.FirstOrDefault(w => w.Name == name) is { } workload:
        EngineMeasures.Run(peer, workload);
        return 0;
    case ["report", string file]:
        Console.WriteLine(Report.Of(File.ReadLines(file)));
        return 0;
    case ["optimizers"]:
        OwnMeasures.Optimizers();
        return 0;
    case ["batches"]:
        OwnMeasures.Batches();
        return 0;
    case ["gradients"]:
        OwnMeasures.Gradients();
        return 0;
    case ["threads"]:
        OwnMeasures.Threads();
        return 0;
    case ["epochs"]:
        OwnMeasures.Epochs();
        return 0;
    case ["first-calls"]:
        OwnMeasures.FirstCalls();
        return 0;
    default:
        Console.Error.WriteLine(Usage);
        return 2;
}
