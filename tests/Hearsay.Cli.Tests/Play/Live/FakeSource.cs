using Hearsay.Cli.Play.Live;
using Hearsay.Playground.Contract;

namespace Hearsay.Cli.Tests.Play.Live;

/// <summary>Two nodes that know each other, and a third that comes with the third look.</summary>
internal sealed class FakeSource : ILiveSource
{
    private readonly List<IReadOnlyList<(string, string)>> _nodes = [[("id", "a")], [("id", "b")]];

    public int Looks { get; private set; }

    public string? Trouble { get; set; }

    public TimeSpan Pause { get; init; } = TimeSpan.FromMilliseconds(5);

    public IReadOnlyList<IReadOnlyList<(string Name, string Value)>> Nodes => _nodes;

    public SceneDescription Scene { get; } = new()
    {
        Name = "live", Title = "Fake", Question = "?", Text = [], Knobs = [], Values = [new("x", "none", 0, 0)],
        Metrics = [new("m", "", "")],
    };

    public ValueTask<string?> LookAsync(LiveFrame frame, CancellationToken cancellation)
    {
        if (++Looks == 3)
        {
            _nodes.Add([("id", "c")]);
        }

        frame.Begin(2, 1, [1.5]);
        for (var node = 0; node < 2; node++)
        {
            frame.Node(isUp: true, isMarked: node == 0);
            frame.Value(node);
            frame.Link(1 - node, 7);
            frame.Link(-1, 9);
        }

        return new ValueTask<string?>(Trouble);
    }
}
