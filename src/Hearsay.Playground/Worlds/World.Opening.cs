namespace Hearsay.Playground.Worlds;

/// <content>
/// What happens before the scene begins: nodes join, and the network runs for a while. It goes in small parts, so that
/// a page can answer between them; the run is the same however they are put together.
/// </content>
internal abstract partial class World
{
    /// <summary>A part lets so much time of all nodes together pass: with 1,000 nodes a millisecond each.</summary>
    private static readonly TimeSpan NodeTime = TimeSpan.FromSeconds(1);

    /// <summary>For the share that is done, a join counts as so much time.</summary>
    private static readonly TimeSpan JoinCounts = TimeSpan.FromMilliseconds(10);

    private const double AlmostAll = 0.999;

    private Instant _joinsAt = Instant.Zero;

    /// <summary>Whether the scene has begun.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>About what share of the time before the scene has passed; 1 once the scene has begun.</summary>
    public double ShareBefore
    {
        get
        {
            var time = Instant.Max(Instant.Zero + _warmup, Instant.Zero + (FirstNodes * JoinsApart)) - Instant.Zero;
            var passed = Network.Now - Instant.Zero + (Network.Nodes.Count * JoinCounts);
            return HasBegun ? 1 : Math.Min(AlmostAll, passed / (time + (FirstNodes * JoinCounts)));
        }
    }

    /// <summary>How many nodes there are when the scene begins.</summary>
    protected virtual int FirstNodes => Knobs.Whole("nodes");

    /// <summary>How long the network runs after each of them has joined.</summary>
    protected virtual TimeSpan JoinsApart => TimeSpan.Zero;

    /// <summary>Does a part of what comes before the scene: a node joins, or a little time passes.</summary>
    public void Approach()
    {
        if (HasBegun)
        {
            return;
        }

        var lacks = Network.Nodes.Count < FirstNodes;
        if (lacks && Network.Now >= _joinsAt)
        {
            Join();
            _joinsAt = Network.Now + JoinsApart;
            return;
        }

        var end = lacks ? _joinsAt : Instant.Max(Instant.Zero + _warmup, _joinsAt);
        var next = Instant.Min(end, Network.Now + (NodeTime / Math.Max(1, FirstNodes)));
        Pass(next);
        if (!lacks && next == end)
        {
            HasBegun = true;
            Recorder.Packets.Clear();
            OnBegin();
        }
    }

    /// <summary>The scene begins.</summary>
    protected virtual void OnBegin()
    {
    }
}
