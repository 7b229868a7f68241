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
        var command = new Command("export", "Write a map as JSON lines, as it is at one moment.") { map };
        command.Options.Add(file);
        return MapVisit.With(command, map, async (parsed, visited, _, cancellation) =>
        {
            var snapshot = visited.Snapshot();
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
            "import", "Write JSON lines into a map, as 'export' writes them, and leave when other nodes have them. "
            + "Keys that are not named stay as they are.")
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
                await parsed.InvocationConfiguration.Output.WriteLineAsync(Counted.Of(lines, "key"))
                    .ConfigureAwait(false);
                return 0;
            }
            catch (Exception wrong) when (wrong is FormatException or UnauthorizedAccessException)
            {
                return MapVisit.Fail(parsed, wrong.Message);
            }
        },
        (parsed, agent) => agent.ImportAsync(parsed.GetValue(file), parsed.GetValue(nodes)));
    }

    private static Option<string> FileOption(string help) => new("--file") { Description = help, HelpName = "FILE" };

    /// <summary>All of it or nothing: a file that was there stays until the new one is complete.</summary>
    /// <param name="path">The file.</param>
    /// <param name="write">Writes it; returns the number of lines.</param>
    public static async Task<long> WriteAsync(string path, Func<Stream, Task<long>> write)
    {
        var (fresh, lines) = (path + ".new", 0L);
        await using (var output = File.Create(fresh))
        {
            lines = await write(output).ConfigureAwait(false);
            output.Flush(flushToDisk: true);
        }

        File.Move(fresh, path, overwrite: true);
        return lines;
    }
}
