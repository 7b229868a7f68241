using System.Text;
using Hearsay.Agent.Seeds;

namespace Hearsay.Agent.Tests.Seeds;

public sealed class SeedsFileTests
{
    [Fact]
    public void Lines_are_seeds_and_remarks_are_not()
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, "10.0.0.5:7946\r\n\n# a remark\n  db  # another\n[::1]:1");
        Assert.Equal(["10.0.0.5:7946", "db", "[::1]:1"], SeedsFile.Read(file, out var problem));
        Assert.Null(problem);
        File.WriteAllText(file, "db\n\ntwo words # no seed\nh:0\n10.0.0.5");
        Assert.Equal(["db", "10.0.0.5"], SeedsFile.Read(file, out problem));
        Assert.Equal("line 3: 'two words' is not HOST[:PORT].", problem);
        foreach (var encoding in new[] { Encoding.UTF8, Encoding.Unicode })
        {
            File.WriteAllText(file, "db\n# a remark\n10.0.0.5:7946\n", encoding);
            Assert.Equal(["db", "10.0.0.5:7946"], SeedsFile.Read(file, out _));
        }

        File.WriteAllText(file, string.Join('\n', Enumerable.Range(1, 100).Select(static i => $"h{i}")));
        Assert.Equal(GossipNodeOptions.MaximumSeeds, SeedsFile.Read(file, out _).Count);
        File.WriteAllText(file, new string('x', 70_000));
        Assert.Throws<IOException>(() => SeedsFile.Read(file, out _));
        File.Delete(file);
        Assert.Throws<FileNotFoundException>(() => SeedsFile.Read(file, out _));
    }
}
