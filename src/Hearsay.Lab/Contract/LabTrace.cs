namespace Hearsay.Lab;

/// <summary>
/// A trace file of the whole nodes that an experiment runs. An experiment that runs several networks is traced in the
/// first one, so the same seed gives the same file, whatever the number of threads.
/// </summary>
/// <param name="path">The file; it is written anew when the network is made, and not before.</param>
/// <param name="title">The title of the page.</param>
/// <param name="text">What the page says of it.</param>
public sealed class LabTrace(string path, string title, string text) : IDisposable
{
    /// <summary>In a network of more nodes, looks are less frequent.</summary>
    private const int MostNodesOfClosestLooks = 100;

    private VirtualNetwork? _network;
    private FileStream? _file;
    private NetworkTrace? _trace;

    /// <summary>Whether there was a network to trace.</summary>
    public bool HasBegun => _trace is not null;

    /// <summary>Whether the file was full before the run ended.</summary>
    public bool IsFull => _trace is { IsFull: true };

    /// <summary>The nodes of which nothing is told: those beyond the first 1,000.</summary>
    public int NodesLeftOut => _trace?.NodesLeftOut ?? 0;

    /// <summary>Traces a network from now on.</summary>
    /// <param name="network">The network.</param>
    /// <param name="nodes">How many nodes it will have.</param>
    /// <param name="told">What is told of it beside title and text; the default if null.</param>
    /// <exception cref="InvalidOperationException">A network is traced already.</exception>
    internal void Begin(VirtualNetwork network, int nodes, NetworkTraceOptions? told = null)
    {
        if (_trace is not null)
        {
            throw new InvalidOperationException("One network is traced, and it was begun before.");
        }

        _network = network;
        _file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 1 << 16);
        _trace = new NetworkTrace(network, _file, (told ?? new NetworkTraceOptions()) with
        {
            Title = Short(title),
            Text = Short(text),
            Every = TimeSpan.FromMilliseconds(nodes <= MostNodesOfClosestLooks ? 20 : 100),
            MaximumBytes = 64 << 20,
        });
    }

    /// <summary>Tells that nodes crash now, for the ribbon below the time bar.</summary>
    internal void TellCrash(IEnumerable<int> nodes)
    {
        if (_trace is { } trace)
        {
            trace.Tell(new Fault(FaultKind.Crash, _network!.Now, [.. nodes]));
        }
    }

    /// <summary>Tells of a fault, in the past or to come.</summary>
    internal void Tell(Fault fault) => _trace?.Tell(fault);

    /// <summary>Writes the last line and closes the file.</summary>
    public void Dispose()
    {
        _trace?.Dispose();
        _file?.Dispose();
    }

    private static string Short(string text) => text[..Math.Min(text.Length, NetworkTraceOptions.LongestText)];
}
