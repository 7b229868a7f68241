using Hearsay.Agent.Seeds;

namespace Hearsay.Agent.Tests.Seeds;

public sealed class SeedsFileTests
{
    [Fact]
    public void Lines_are_seeds_and_remarks_are_not()
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, "10.0.0.5:7946\r\n\n# a remark\n  db  # another\n[::1]:1");
        Assert.Equal(["10.0.0.5:7946", "db", "[::1]:1"], SeedsFile.Read(file));
        File.WriteAllText(file, string.Join('\n', Enumerable.Range(1, 100).Select(static i => $"h{i}")));
        Assert.Equal(GossipNodeOptions.MaximumSeeds, SeedsFile.Read(file).Count);
        File.WriteAllText(file, new string('x', 70_000));
        Assert.Throws<IOException>(() => SeedsFile.Read(file));
        File.Delete(file);
        Assert.Throws<FileNotFoundException>(() => SeedsFile.Read(file));
    }
}
