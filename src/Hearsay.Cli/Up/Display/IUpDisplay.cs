using Hearsay.Cli.Up.Results;

namespace Hearsay.Cli.Up.Display;

/// <summary>Where a run is watched.</summary>
internal interface IUpDisplay
{
    /// <summary>Whether it wants rows of the steady state too; measuring them costs the process some CPU.</summary>
    bool ShowsSteadyState { get; }

    /// <summary>Shows a run while it lasts.</summary>
    Task ShowAsync(Func<Task> run);

    /// <summary>Something happened.</summary>
    void Note(string text);

    /// <summary>Something lasts from now on, and nothing else needs to be said.</summary>
    void Rest(string text) => Note(text);

    /// <summary>A result that is worth keeping.</summary>
    void Line(string text);

    /// <summary>The state after a cycle.</summary>
    void Row(UpRow row);

    /// <summary>What a node answered when it was asked for peers.</summary>
    void Peers(IReadOnlyList<string> lines);

    /// <summary>The outcome; last.</summary>
    void Summary(UpResult result);
}
