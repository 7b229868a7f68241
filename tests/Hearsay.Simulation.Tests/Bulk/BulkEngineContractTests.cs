namespace Hearsay.Simulation.Tests;

public class BulkEngineContractTests : CycleEngineContract
{
    protected override ICycleEngine Create(CycleOptions options, int nodes, OverlayStart start) =>
        new BulkEngine(options, nodes, start, threads: 2);
}
