namespace Hearsay.Simulation;

/// <summary>What a trace tells of a network. Immutable.</summary>
public sealed record NetworkTraceOptions
{
    /// <summary>The most values, and the most metrics, of a trace.</summary>
    public const int MaximumNumbers = 12;

    /// <summary>The longest label or name, in characters.</summary>
    public const int LongestLabel = 80;

    /// <summary>The longest title or text, in characters.</summary>
    public const int LongestText = 1000;

    /// <summary>The title of the page.</summary>
    /// <value>Default "A simulation".</value>
    public string Title { get; init; } = "A simulation";

    /// <summary>What the page says of it.</summary>
    /// <value>Default empty.</value>
    public string Text { get; init; } = "";

    /// <summary>Numbers about a node, before those that every trace has: in-degree, view size and mean age.</summary>
    /// <value>Default none; at most 12 with the three.</value>
    public IReadOnlyList<TraceValue> Values { get; init; } = [];

    /// <summary>Numbers about the network.</summary>
    /// <value>
    /// Default none: then the deviation of in-degrees, the clustering, dead links, the mean age and the largest part.
    /// </value>
    public IReadOnlyList<TraceMetric> Metrics { get; init; } = [];

    /// <summary>Names of frames, by protocol byte and type. Those of Hearsay's own protocols are known.</summary>
    /// <value>Default none; at most 256.</value>
    public IReadOnlyDictionary<(byte Protocol, byte Type), string> FrameNames { get; init; } =
        new Dictionary<(byte Protocol, byte Type), string>();

    /// <summary>Whether a node is pointed out by a ring; it may be asked at any time.</summary>
    /// <value>Default null: none is.</value>
    public Func<VirtualNode, bool>? IsMarked { get; init; }

    /// <summary>Whom the lines of a running node lead to, by index, in place of the entries of its view.</summary>
    /// <value>
    /// Default null: the entries of its view, with their ages. Other lines have no age, and no more than 1,000 of a
    /// node are told. It may be asked at any time, and must change nothing.
    /// </value>
    public Func<VirtualNode, IEnumerable<int>>? Links { get; init; }

    /// <summary>The shortest time between two looks at the nodes. Packets are told with their exact moments.</summary>
    /// <value>Default 20 ms of virtual time; 0 looks after every event, which costs much in a large network.</value>
    public TimeSpan Every { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>The longest file. What comes later is not written, and the last line says so.</summary>
    /// <value>Default 32 MiB; from 64 KiB to 64 MiB, which is the most that the page opens.</value>
    public long MaximumBytes { get; init; } = 32 << 20;

    /// <summary>Returns what is wrong with the options; empty if they are valid.</summary>
    public IReadOnlyList<string> Errors()
    {
        var errors = new List<string>();
        void Require(bool holds, string error)
        {
            if (!holds)
            {
                errors.Add(error);
            }
        }

        Require(Title.Length is > 0 and <= LongestText, $"Title has 1 to {LongestText} characters.");
        Require(Text.Length <= LongestText, $"Text has at most {LongestText} characters.");
        Require(Values.Count <= MaximumNumbers - 3, $"There are at most {MaximumNumbers - 3} values.");
        Require(Metrics.Count <= MaximumNumbers, $"There are at most {MaximumNumbers} metrics.");
        Require(FrameNames.Count <= 256, "There are at most 256 names of frames.");
        Require(
            Values.Select(static value => value.Label).Concat(Metrics.Select(static metric => metric.Label))
                .Concat(Metrics.Select(static metric => metric.Unit)).Concat(FrameNames.Values)
                .All(static label => label.Length <= LongestLabel),
            $"Labels, units and names have at most {LongestLabel} characters.");
        Require(Every >= TimeSpan.Zero && Every <= TimeSpan.FromHours(1), "Every is from 0 to an hour.");
        Require(MaximumBytes is >= 64 << 10 and <= 64 << 20, "MaximumBytes is from 64 KiB to 64 MiB.");
        return errors;
    }
}
