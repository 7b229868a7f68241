using System.CommandLine;
using Hearsay.Agent.Shell;

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
        return MapVisit.With(command, map, async (parsed, visited, _, cancellation) =>
        {
            var snapshot = visited.Snapshot();
            if (snapshot.Count == 0)
            {
                return MapVisit.Fail(
                    parsed, $"The network has no map '{visited.Name}', or the map has no keys: nothing is written.");
            }

            if (parsed.GetValue(file) is { } path)
            {
                await WriteAsync(path, lines => snapshot.ExportAsync(lines, cancellation)).ConfigureAwait(false);
                await parsed.InvocationConfiguration.Error.WriteLineAsync(
                    $"{Counted.Of(snapshot.Count, "key")} in '{path}'").ConfigureAwait(false);
                return 0;
            }

            var lines = new MemoryStream();
            await snapshot.ExportAsync(lines, cancellation).ConfigureAwait(false);
            lines.Position = 0;
            var output = GuestRun.Output(parsed);
            using var reader = new StreamReader(lines);
            while (await reader.ReadLineAsync(cancellation).ConfigureAwait(false) is { } line)
            {
                await output.WriteLineAsync(line).ConfigureAwait(false);
            }

            await output.FlushAsync(cancellation).ConfigureAwait(false);
            return 0;
        },
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
        return MapVisit.With(command, map, async (parsed, visited, concern, cancellation) =>
        {
            try
            {
                await using var input = parsed.GetValue(file) is { } path
                    ? File.OpenRead(path) : Console.OpenStandardInput();
                var lines = await visited.ImportAsync(input, concern(parsed.GetValue(nodes)), cancellation)
                    .ConfigureAwait(false);
                return await TellAsync(parsed, parsed.GetValue(file), lines).ConfigureAwait(false);
            }
            catch (Exception wrong) when (wrong is FormatException or UnauthorizedAccessException)
            {
                return MapVisit.Fail(parsed, wrong.Message);
            }
        },
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
