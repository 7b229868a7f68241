using Hearsay.Playground.Contract;

namespace Hearsay.Cli.Play.Live;

/// <summary>Nodes that live somewhere and can be looked at.</summary>
internal interface ILiveSource
{
    /// <summary>What is shown of them, in the words of a scene.</summary>
    SceneDescription Scene { get; }

    /// <summary>The time between two looks.</summary>
    TimeSpan Pause { get; }

    /// <summary>
    /// Who the nodes are, by their numbers: names and values. It only grows, and only by <see cref="LookAsync"/>.
    /// </summary>
    IReadOnlyList<IReadOnlyList<(string Name, string Value)>> Nodes { get; }

    /// <summary>Looks at the nodes. Nobody calls it a second time before it is done.</summary>
    /// <param name="frame">Takes what is seen.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Why nothing can be seen at the moment; null if all is well.</returns>
    ValueTask<string?> LookAsync(LiveFrame frame, CancellationToken cancellation);
}
