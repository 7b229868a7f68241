using System.Globalization;
using System.Runtime.InteropServices;

namespace Hearsay.Lab.Sweeps;

/// <summary>
/// Which part of a sweep this process does: every Count-th run, from the Index-th on. From an option, a Slurm array or
/// a Kubernetes indexed job.
/// </summary>
/// <param name="Index">From 1 to Count.</param>
/// <param name="Count">How many parts there are.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SweepShard(int Index, int Count)
{
    /// <summary>The most parts of a sweep.</summary>
    public const int MostShards = 100_000;

    /// <summary>Everything in one part.</summary>
    public static SweepShard Whole { get; } = new(1, 1);

    /// <summary>Whether a run belongs to this part.</summary>
    public bool Has(int run) => run % Count == Index - 1;

    /// <summary>The file of this part: the name that was given, with the part before its ending.</summary>
    public string PathOf(string path) => Count == 1
        ? path
        : Path.ChangeExtension(path, null) + $".{Index}-of-{Count}" + Path.GetExtension(path);

    /// <summary>The option if it is given, else what the scheduler says, else everything.</summary>
    /// <param name="option">"I/N" or null.</param>
    /// <param name="variable">The environment.</param>
    /// <exception cref="LabUsageException">It makes no sense.</exception>
    public static SweepShard Find(string? option, Func<string, string?> variable)
    {
        if (option is not null)
        {
            var parts = option.Split('/');
            return parts.Length == 2 && TryWhole(parts[0], out var index) && TryWhole(parts[1], out var count)
                ? Checked(index, count, $"--shard {option}")
                : throw new LabUsageException($"--shard must be I/N, for instance 3/10, not '{option}'.");
        }

        if (variable("SLURM_ARRAY_TASK_ID") is { Length: > 0 })
        {
            return OfSlurm(variable);
        }

        return variable("JOB_COMPLETION_INDEX") is { Length: > 0 } ? OfKubernetes(variable) : Whole;
    }

    /// <summary>A Slurm array: tasks from MIN in steps of STEP; COUNT of them.</summary>
    private static SweepShard OfSlurm(Func<string, string?> variable)
    {
        var task = Number("SLURM_ARRAY_TASK_ID", variable);
        var count = Number("SLURM_ARRAY_TASK_COUNT", variable);
        var least = Number("SLURM_ARRAY_TASK_MIN", variable, 0);
        var step = Number("SLURM_ARRAY_TASK_STEP", variable, 1);
        return step >= 1 && task >= least && (task - least) % step == 0
            ? Checked(((task - least) / step) + 1, count, "SLURM_ARRAY_TASK_ID and _COUNT")
            : throw new LabUsageException(
                $"SLURM_ARRAY_TASK_ID {task} is not one of the tasks from {least} in steps of {step}.");
    }

    /// <summary>A Kubernetes indexed job tells its index, from 0, and not how many there are.</summary>
    private static SweepShard OfKubernetes(Func<string, string?> variable) => Checked(
        Number("JOB_COMPLETION_INDEX", variable) + 1, Number("HEARSAY_SHARDS", variable),
        "JOB_COMPLETION_INDEX and HEARSAY_SHARDS");

    private static SweepShard Checked(long index, long count, string what) =>
        count is >= 1 and <= MostShards && index >= 1 && index <= count
            ? new SweepShard((int)index, (int)count)
            : throw new LabUsageException(count is >= 1 and <= MostShards
                ? $"{what}: there is no part {index} of {count}; parts are counted from 1."
                : $"{what}: there must be from 1 to {MostShards:N0} parts, not {count}.");

    private static long Number(string name, Func<string, string?> variable, long? missing = null)
    {
        var text = variable(name);
        if (string.IsNullOrEmpty(text))
        {
            return missing ?? throw new LabUsageException(
                $"{name} is not set, so the number of parts is not known; set it or give --shard I/N.");
        }

        return TryWhole(text, out var value)
            ? value : throw new LabUsageException($"{name} must be a whole number, not '{text}'.");
    }

    private static bool TryWhole(string text, out long value) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value <= int.MaxValue;
}
