using System.CommandLine;
using System.Text;
using Hearsay.Agent.Shell;
using Hearsay.Features.Maps;

namespace Hearsay.Agent.Guest;

/// <summary><c>hearsay map export</c> and <c>import</c>: maps as JSON lines.</summary>
internal static class MapFiles
{
    /// <summary>Writes a map to a file, or to standard output.</summary>
    public static Command Export()
    {
        var map = MapVisit.Map();
        var file = FileOption("The file to write. Default: standard output.");
        var command = new Command(
            "export", "Write a map as JSON lines, as it is at one moment. Exit code 1 if there is no such map.")
        {
            map,
        };
        command.Options.Add(file);
        return MapVisit.With(
            command, map,
            (parsed, asked, _, cancellation) => TryAsync(parsed, () => ExportAsync(
                parsed, asked.EntriesAsync("", cancellation), parsed.GetValue(map)!, parsed.GetValue(file),
                cancellation)),
            (parsed, agent) => agent.ExportAsync(parsed.GetValue(file)));
    }

    /// <summary>Reads a file, or standard input, into a map.</summary>
    public static Command Import()
    {
        var (map, nodes) = (MapVisit.Map(), MapVisit.Nodes());
        var file = FileOption("The file to read. Default: standard input.");
        var command = new Command(
            "import", "Write JSON lines into a map, as 'export' writes them. Keys that are not named stay as they are. "
            + "Exit code 1 if there are no lines.")
        {
            map,
        };
        command.Options.Add(file);
        command.Options.Add(nodes);
        return MapVisit.With(
            command, map,
            (parsed, asked, patience, cancellation) => TryAsync(parsed, async () =>
            {
                await using var input = parsed.GetValue(file) is { } path
                    ? File.OpenRead(path) : Console.OpenStandardInput();
                var written = 0L;
                await foreach (var part in LineParts.ReadAsync(input, cancellation).ConfigureAwait(false))
                {
                    written += await ImportAsync(part.FirstLine, written, () => asked.ImportAsync(
                        part.Bytes, parsed.GetValue(nodes) ?? 0, patience, cancellation)).ConfigureAwait(false);
                }

                return await TellAsync(parsed, parsed.GetValue(file), written).ConfigureAwait(false);
            }),
            (parsed, agent) => agent.ImportAsync(parsed.GetValue(file), parsed.GetValue(nodes)));
    }

    /// <summary>Says how much was imported; that there was nothing is most likely a mistake.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="file">What was read; null for standard input.</param>
    /// <param name="lines">The lines in it.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> TellAsync(ParseResult parsed, string? file, long lines)
    {
        if (lines == 0)
        {
            return MapVisit.Fail(
                parsed, $"{(file is null ? "Standard input" : $"'{file}'")} has no lines: nothing is written.");
        }

        await parsed.InvocationConfiguration.Output.WriteLineAsync(
            MapJson.IsAsked(parsed) ? MapJson.OfLines(lines) : Counted.Of(lines, "key")).ConfigureAwait(false);
        return 0;
    }

    private static async Task<int> ExportAsync(
        ParseResult parsed, IAsyncEnumerable<MapEntry> all, string map, string? file, CancellationToken cancellation)
    {
        await using var entries = all.GetAsyncEnumerator(cancellation);
        if (!await entries.MoveNextAsync().ConfigureAwait(false))
        {
            return MapVisit.Fail(
                parsed, $"The network has no map '{map}', or the map has no keys: nothing is written.");
        }

        if (file is not null)
        {
            var count = await WriteAsync(file, lines => WriteAsync(entries, lines, cancellation))
                .ConfigureAwait(false);
            await parsed.InvocationConfiguration.Error.WriteLineAsync(
                $"{Counted.Of(count, "key")} in '{file}'").ConfigureAwait(false);
            return 0;
        }

        var output = GuestRun.Output(parsed);
        do
        {
            using var line = new MemoryStream();
            await MapLines.WriteAsync(line, [entries.Current], cancellation).ConfigureAwait(false);
            await output.WriteLineAsync(Encoding.UTF8.GetString(line.GetBuffer(), 0, (int)line.Length - 1))
                .ConfigureAwait(false);
        }
        while (await entries.MoveNextAsync().ConfigureAwait(false));
        await output.FlushAsync(cancellation).ConfigureAwait(false);
        return 0;
    }

    private static async Task<long> WriteAsync(
        IAsyncEnumerator<MapEntry> entries, Stream lines, CancellationToken cancellation)
    {
        var count = 0L;
        do
        {
            count += await MapLines.WriteAsync(lines, [entries.Current], cancellation).ConfigureAwait(false);
        }
        while (await entries.MoveNextAsync().ConfigureAwait(false));
        return count;
    }

    /// <summary>Has a part of the lines written. What goes wrong says where, and what is written.</summary>
    private static async Task<long> ImportAsync(long firstLine, long written, Func<Task<long>> import)
    {
        try
        {
            return await import().ConfigureAwait(false);
        }
        catch (FormatException wrong)
        {
            var where = firstLine > 1 ? $"Of the lines from {firstLine:N0} on: " : "";
            throw new FormatException($"{where}{wrong.Message} The lines before it are written.", wrong);
        }
        catch (Exception wrong) when (written > 0 && wrong is HearsayException or InvalidOperationException)
        {
            throw new InvalidOperationException(
                $"{wrong.Message} The lines before line {firstLine:N0} are written.", wrong);
        }
    }

    /// <summary>Does something with a file; what is wrong with it is told in a line.</summary>
    private static async Task<int> TryAsync(ParseResult parsed, Func<Task<int>> act)
    {
        try
        {
            return await act().ConfigureAwait(false);
        }
        catch (Exception wrong) when (wrong is FormatException or UnauthorizedAccessException)
        {
            return MapVisit.Fail(parsed, wrong.Message);
        }
    }

    private static Option<string> FileOption(string help) => new("--file") { Description = help, HelpName = "FILE" };

    /// <summary>All of it or nothing: a file that was there stays until the new one is complete.</summary>
    /// <param name="path">The file.</param>
    /// <param name="write">Writes it; returns the number of lines.</param>
    public static async Task<long> WriteAsync(string path, Func<Stream, Task<long>> write)
    {
        var (fresh, lines) = (path + ".new", 0L);
        await using var output = File.Create(fresh);
        try
        {
            lines = await write(output).ConfigureAwait(false);
            output.Flush(flushToDisk: true);
        }
        catch
        {
            File.Delete(fresh);
            throw;
        }

        await output.DisposeAsync().ConfigureAwait(false);
        File.Move(fresh, path, overwrite: true);
        return lines;
    }
}
