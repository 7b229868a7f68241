namespace Hearsay.Simulation.Tests;

public class CycleRunnerTests : CycleEngineContract
{
    protected override ICycleEngine Create(CycleOptions options, int nodes, OverlayStart start) =>
        new CycleRunner(options, nodes, start);
}
