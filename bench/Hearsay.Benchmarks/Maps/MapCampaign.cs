using System.Globalization;

namespace Hearsay.Benchmarks.Maps;

/// <summary>What replicated maps cost: in memory, on a disk, and among live nodes.</summary>
internal static class MapCampaign
{
    public static async Task<int> RunAsync(string[] args)
    {
        int Number(int index, int otherwise) =>
            args.Length > index ? int.Parse(args[index], CultureInfo.InvariantCulture) : otherwise;
        switch (args.FirstOrDefault())
        {
            case "disk":
                await MapDisk.RunAsync(Number(1, 1_000_000));
                return 0;
            case "open":
                await MapDisk.OpenAsync(Number(1, 1_000_000), Number(2, 5));
                return 0;
            case "live":
                await MapLive.RunAsync(Number(1, 50), Number(2, 400));
                return 0;
            case "akka":
                await MapBesideAkka.RunAsync(Number(1, 10), Number(2, 100));
                return 0;
            default:
                await MapSpeed.RunAsync(Number(1, 3));
                return 0;
        }
    }
}
