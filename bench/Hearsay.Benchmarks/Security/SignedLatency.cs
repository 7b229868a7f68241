using System.Globalization;
using Hearsay.Benchmarks.Live;
using Hearsay.Security;
using Hearsay.Security.Identity;

namespace Hearsay.Benchmarks.Security;

/// <summary>
/// How long a message takes to all nodes of a live network on this machine: in mode open, in mode key, and in mode
/// identity, where each node verifies its signature. The three networks run beside each other and publish in turn, so
/// that whatever else the machine does meets all of them. Args: nodes (64), messages (200), bytes (600).
/// </summary>
internal static class SignedLatency
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static async Task RunAsync(string[] args)
    {
        var (nodes, messages, bytes) = (Number(args, 0, 64), Number(args, 1, 200), Number(args, 2, 600));
        var ring = Keyring.Make().ToText();
        var admission = AdmissionKey.Make();
        await using var open = await HearsayCluster.StartAsync(nodes, "open");
        await using var key = await HearsayCluster.StartAsync(nodes, "key", _ => ClusterSecurity.FromKeyringText(ring));
        await using var identity = await HearsayCluster.StartAsync(
            nodes, "identity", i => ClusterSecurity.FromCredentials(NodeCredentials.Make(
                admission, $"node-{i}", $"identity-{Environment.ProcessId}", DateTimeOffset.UtcNow)));
        HearsayCluster[] clusters = [open, key, identity];
        await MeasureAsync(clusters, 2 * nodes, bytes);
        var until = await MeasureAsync(clusters, messages, bytes);
        var (ofOpen, ofKey, ofIdentity) = (Median(until[0]), Median(until[1]), Median(until[2]));
        var verify = VerifyMicroseconds();
        var bound = ofOpen + (1.3 * nodes * verify / 1000 / Environment.ProcessorCount);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"a message of {bytes} bytes to all of {nodes} live nodes, median of {messages}: open {ofOpen:0.00} ms, "
            + $"key {ofKey:0.00} ms, {ofKey / ofOpen:0.00}x, identity and signed {ofIdentity:0.00} ms, "
            + $"{ofIdentity / ofOpen:0.00}x; open + 1.3 N verify / cores {bound:0.00} ms, verify {verify:0.0} us"));
        Console.WriteLine(
            $"reached all: {until[0].Count}, {until[1].Count} and {until[2].Count} of {messages}");
    }

    private static async Task<List<double>[]> MeasureAsync(HearsayCluster[] clusters, int messages, int bytes)
    {
        BroadcastMeter[] meters = [.. clusters.Select(cluster => new BroadcastMeter(cluster, messages))];
        for (var m = 0; m < messages; m++)
        {
            for (var i = 0; i < clusters.Length; i++)
            {
                var node = m % clusters[i].Nodes;
                meters[i].Published(m, node);
                await clusters[i].PublishAsync(node, m, bytes);
                await meters[i].WhenCompleteAsync(m, Patience);
            }
        }

        return [.. meters.Select(meter => meter.UntilAll())];
    }

    private static double VerifyMicroseconds()
    {
        var cipher = new SodiumIdentity();
        var (keys, text, signature) = (IdentityFile.Make(), new byte[65], new byte[64]);
        cipher.Sign(text, keys.SigningSecret, signature);
        return SecurityCampaign.Best(20, () => cipher.Verify(text, keys.SigningPublic, signature));
    }

    private static double Median(List<double> sorted) => sorted.Count == 0 ? double.NaN : sorted[sorted.Count / 2];

    private static int Number(string[] args, int index, int otherwise) =>
        index < args.Length ? int.Parse(args[index], CultureInfo.InvariantCulture) : otherwise;
}
