using System.Diagnostics;

namespace Hearsay.Cli.Up.Network;

/// <summary>What the network had done and the process had used at one moment; rates come from two of them.</summary>
/// <param name="At">The moment.</param>
/// <param name="Cpu">CPU time of the process.</param>
/// <param name="Exchanges">Exchanges completed.</param>
/// <param name="Bytes">Bytes sent.</param>
internal readonly record struct Reading(long At, TimeSpan Cpu, long Exchanges, long Bytes)
{
    /// <summary>The present state of a network.</summary>
    public static Reading Of(LocalNetwork network) => new(
        Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime, network.ExchangesCompleted, network.BytesSent);

    /// <summary>Seconds since an earlier one.</summary>
    public double SecondsSince(in Reading start) => Stopwatch.GetElapsedTime(start.At, At).TotalSeconds;

    /// <summary>Completed exchanges a second since an earlier one.</summary>
    public double ExchangeRateSince(in Reading start) => (Exchanges - start.Exchanges) / SecondsSince(start);

    /// <summary>Bytes sent a second since an earlier one.</summary>
    public double ByteRateSince(in Reading start) => (Bytes - start.Bytes) / SecondsSince(start);

    /// <summary>Cores used since an earlier one.</summary>
    public double CoresSince(in Reading start) => (Cpu - start.Cpu).TotalSeconds / SecondsSince(start);
}
