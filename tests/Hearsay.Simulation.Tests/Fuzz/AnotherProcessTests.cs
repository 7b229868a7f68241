using System.Diagnostics;

namespace Hearsay.Simulation.Tests.Fuzz;

/// <summary>
/// The same seeds in this process and in others that are set up differently: the second one has one processor, no
/// vector instructions and code that is never optimised again.
/// </summary>
public sealed class AnotherProcessTests
{
    private const string FileVariable = "HEARSAY_TRACE_FILE";
    private const string SeedVariable = "HEARSAY_TRACE_SEED";
    private const int Seeds = 3;

    [Theory]
    [InlineData(101, false)]
    [InlineData(201, true, Traits = ["Campaign", "true"])]
    public async Task The_same_seeds_give_the_same_trace_in_another_process(int seed, bool isPlain)
    {
        var file = Path.GetTempFileName();
        try
        {
            Assert.Equal(0, await RunChild(file, seed, isPlain));
            Assert.Equal(Trace(seed), await File.ReadAllTextAsync(file));
            Assert.NotEqual(Trace(seed), Trace(seed + 1));
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>What the other process runs; without the variables nothing is asked of it.</summary>
    [Fact]
    public void The_trace_that_another_process_asked_for_is_written()
    {
        if (Environment.GetEnvironmentVariable(FileVariable) is { } file)
        {
            File.WriteAllText(file, Trace(int.Parse(Environment.GetEnvironmentVariable(SeedVariable)!, null)));
        }
    }

    private static string Trace(int seed) =>
        FuzzCampaign.Run(new FuzzOptions { Seeds = Seeds, SeedStart = (ulong)seed }).TraceHash;

    private static async Task<int> RunChild(string file, int seed, bool isPlain)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
        {
            start.ArgumentList.Add(typeof(AnotherProcessTests).Assembly.Location);
        }

        start.ArgumentList.Add("-method");
        start.ArgumentList.Add("*." + nameof(The_trace_that_another_process_asked_for_is_written));
        start.Environment[FileVariable] = file;
        start.Environment[SeedVariable] = seed.ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (isPlain)
        {
            start.Environment["DOTNET_PROCESSOR_COUNT"] = "1";
            start.Environment["DOTNET_EnableHWIntrinsic"] = "0";
            start.Environment["DOTNET_TieredCompilation"] = "0";
        }

        using var child = Process.Start(start)!;
        await child.StandardOutput.ReadToEndAsync();
        await child.WaitForExitAsync();
        return child.ExitCode;
    }
}
