using System.Diagnostics;
using System.Globalization;

namespace Hearsay.Afl;

/// <summary>
/// A folder as afl-fuzz expects it of another fuzzer of the same target: a queue of inputs, and a file that says how
/// many executions there were, which go on where the last run ended.
/// </summary>
internal sealed class VariantsQueue
{
    private static readonly TimeSpan s_writing = TimeSpan.FromSeconds(5);

    private readonly string _folder;
    private readonly long _secondsBefore;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private TimeSpan _written;
    private int _inputs;

    /// <param name="folder">The folder, which is made if there is none.</param>
    public VariantsQueue(string folder)
    {
        _folder = folder;
        _inputs = Directory.CreateDirectory(Path.Combine(folder, "queue")).GetFiles().Length;
        (Executions, _secondsBefore) = (Known("execs_done"), Known("run_time"));
    }

    /// <summary>The executions so far, with those of earlier runs.</summary>
    public long Executions { get; private set; }

    /// <summary>The branches that were taken in this run.</summary>
    public int Branches { get; set; }

    /// <summary>Adds an input.</summary>
    public void Add(ReadOnlySpan<byte> input)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"id:{_inputs++:000000}");
        File.WriteAllBytes(Path.Combine(_folder, "queue", name), input);
    }

    /// <summary>Counts executions, and writes their number now and then.</summary>
    public void Count(int executions)
    {
        Executions += executions;
        if (_clock.Elapsed - _written < s_writing)
        {
            return;
        }

        _written = _clock.Elapsed;
        File.WriteAllText(StatsFile, string.Create(
            CultureInfo.InvariantCulture,
            $"execs_done : {Executions}\nrun_time : {_secondsBefore + (long)_clock.Elapsed.TotalSeconds}\n"
            + $"corpus_count : {_inputs}\nedges_found : {Branches}\n"));
    }

    private string StatsFile => Path.Combine(_folder, "fuzzer_stats");

    private long Known(string name)
    {
        if (!File.Exists(StatsFile))
        {
            return 0;
        }

        var line = File.ReadLines(StatsFile).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal));
        return line is null ? 0 : long.Parse(line.Split(':')[1], CultureInfo.InvariantCulture);
    }
}
