namespace Hearsay.Cli.Up.Network;

/// <summary>Rates and costs of the whole network between convergence and the crash or the end.</summary>
/// <param name="ExchangesPerSecond">Exchanges completed, of all nodes.</param>
/// <param name="BytesPerNodePerSecond">Bytes sent over UDP and TCP, without the headers of IP.</param>
/// <param name="CoresUsed">CPU time of the process per second.</param>
/// <param name="WorkingSetBytesPerNode">The process's working set at the end, divided by the nodes.</param>
internal sealed record SteadyState(
    double ExchangesPerSecond, double BytesPerNodePerSecond, double CoresUsed, double WorkingSetBytesPerNode);
