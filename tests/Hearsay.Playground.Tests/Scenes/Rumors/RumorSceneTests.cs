namespace Hearsay.Playground.Tests.Scenes.Rumors;

public sealed class RumorSceneTests
{
    [Fact]
    public void The_residue_shrinks_with_k_as_the_scene_says()
    {
        // "k = 2 in place of 1 divides the residue by about five, and each further step by two to three."
        double[] residues = [.. Enumerable.Range(1, 4).Select(static k =>
            Enumerable.Range(1, 6).Average(seed => Residue($"scene=rumors&seed={seed}&nodes=200&k={k}&t=40000")))];
        Assert.InRange(residues[0] / residues[1], 4, 6);
        Assert.InRange(residues[1] / residues[2], 2, 3);
        Assert.InRange(residues[2] / residues[3], 2, 3);
    }

    [Fact]
    public void Those_who_heard_and_those_who_did_not_are_all()
    {
        var metrics = Replayed.Metrics("scene=rumors&seed=1&t=5000");
        Assert.Equal(100, metrics.GetProperty("have heard it").GetDouble()
            + metrics.GetProperty("never heard (residue)").GetDouble(), 3);
    }

    private static double Residue(string link) =>
        Replayed.Metrics(link).GetProperty("never heard (residue)").GetDouble();
}
