using System.CommandLine;
using Hearsay.Agent.Shell;
using Hearsay.Cli.Exercises.Building;
using Hearsay.Cli.Exercises.Judging;
using Hearsay.Cli.Lab;

namespace Hearsay.Cli.Exercises;

/// <summary><c>hearsay exercise</c>: the exercises of the chapters, judged.</summary>
internal static class ExerciseCommand
{
    private static readonly Argument<int?> s_number = new("N")
    {
        Description = "The number of the exercise. Without it, all are listed.", Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Argument<string?> s_path = new("PATH")
    {
        Description = "What you wrote: a file of C# (.cs), a project (.csproj) or a built library (.dll), with one "
            + "class that implements the interface of the exercise.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<string?> s_new = new("--new")
    {
        Description = "Writes a file to begin with, and ends. A file that is there is not touched.", HelpName = "FILE",
    };

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command(
            "exercise",
            "Judges your solution of an exercise of docs/learn by what it does, and tells what fails without telling "
            + "the answer. Your code is compiled by the .NET SDK and runs in this process. Exit codes: 0 if all holds, "
            + "1 if something does not or it does not compile, 2 for a usage error.")
        {
            s_number, s_path, s_new,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        if (parsed.GetValue(s_number) is not { } number)
        {
            foreach (var known in ExerciseList.All)
            {
                output.WriteLine($"{known.Number}  {known.Task}");
                output.WriteLine($"   {known.Contract.Name}, chapter {known.Chapter}");
            }

            return 0;
        }

        if (ExerciseList.All.FirstOrDefault(known => known.Number == number) is not { } exercise)
        {
            error.WriteLine($"There are exercises 1 to {ExerciseList.All.Count}, not {number}.");
            return ExitCode.UsageError;
        }

        return parsed.GetValue(s_new) is { } file
            ? Begin(exercise, file, output, error)
            : await JudgeAsync(exercise, parsed.GetValue(s_path), output, error, cancellation).ConfigureAwait(false);
    }

    private static int Begin(IExercise exercise, string file, TextWriter output, TextWriter error)
    {
        try
        {
            using var stream = new FileStream(file, FileMode.CreateNew, FileAccess.Write);
            using var writer = new StreamWriter(stream);
            writer.Write(exercise.Starter);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            error.WriteLine($"--new: {failure.Message}");
            return ExitCode.UsageError;
        }

        output.WriteLine($"{exercise.Task}");
        output.WriteLine($"Write it in {file}, then: hearsay exercise {exercise.Number} {file}");
        return 0;
    }

    private static async Task<int> JudgeAsync(
        IExercise exercise, string? path, TextWriter output, TextWriter error, CancellationToken cancellation)
    {
        if (path is null)
        {
            output.WriteLine(exercise.Task);
            output.WriteLine($"To begin: hearsay exercise {exercise.Number} --new Solution.cs");
            return 0;
        }

        try
        {
            Func<object> create;
            using (new ProgressLine(error, $"compiling {path}", isMeasured: false))
            {
                create = await Solution.LoadAsync(path, exercise.Contract, cancellation).ConfigureAwait(false);
            }

            var trials = exercise.Trials(create);
            var holding = trials.Count(trial => IsHeld(trial, output, error));
            output.WriteLine($"{holding} of {trials.Count} properties hold.");
            return holding == trials.Count ? 0 : ExitCode.Failed;
        }
        catch (SolutionException wrong)
        {
            error.WriteLine(wrong.Message);
            return wrong.IsUsage ? ExitCode.UsageError : ExitCode.Failed;
        }
    }

    /// <summary>Tries a property, and tells what came of it before the next one is tried.</summary>
    private static bool IsHeld(Trial trial, TextWriter output, TextWriter error)
    {
        Finding finding;
        using (new ProgressLine(error, $"trying '{trial.Property}'", isMeasured: false))
        {
            finding = trial.Judge();
        }

        output.WriteLine($"{(finding.Breach is null ? "holds" : "FAILS")}  {finding.Property}");
        if (finding.Breach is { } breach)
        {
            output.WriteLine($"       {breach}");
        }

        return finding.Breach is null;
    }
}
