using System.CommandLine;

namespace Hearsay.Agent.Shell;

/// <summary><c>--watch</c>: a command looks again and again, and prints what has changed.</summary>
internal sealed class WatchOption
{
    /// <summary>Cursor to the top, and nothing below it.</summary>
    private const string ClearScreen = "\u001b[H\u001b[2J";

    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    private readonly Option<bool> _watch = new("--watch", "-w")
    {
        Description = "Look again every second until Ctrl-C, and print what there is whenever it has changed",
    };

    /// <summary>Adds the option to a command.</summary>
    public void AddTo(Command command) => command.Options.Add(_watch);

    /// <summary>Whether the command watches.</summary>
    public bool IsOn(ParseResult parsed) => parsed.GetValue(_watch);

    /// <summary>Prints a text once, or, if the command watches, whenever it is another one.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="look">Returns the text of now.</param>
    /// <param name="isOfLines">Whether every text is one line, so that nothing goes between two.</param>
    /// <param name="cancellation">Ends it with an exception.</param>
    public async Task PrintAsync(
        ParseResult parsed, Func<Task<string>> look, bool isOfLines, CancellationToken cancellation)
    {
        var output = parsed.InvocationConfiguration.Output;
        var isScreen = Terminal.IsScreen(output);
        string? shown = null;
        while (true)
        {
            var text = await look().ConfigureAwait(false);
            if (text != shown)
            {
                var before = !IsOn(parsed) ? string.Empty : isScreen && !isOfLines ? ClearScreen
                    : shown is null || isOfLines ? string.Empty : Environment.NewLine;
                await output.WriteLineAsync(before + text).ConfigureAwait(false);
                await output.FlushAsync(cancellation).ConfigureAwait(false);
                shown = text;
            }

            if (!IsOn(parsed))
            {
                return;
            }

            await Task.Delay(s_pause, cancellation).ConfigureAwait(false);
        }
    }
}
