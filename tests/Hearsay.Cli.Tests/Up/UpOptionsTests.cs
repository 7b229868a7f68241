using System.CommandLine;
using Hearsay.Cli.Up;

namespace Hearsay.Cli.Tests.Up;

public sealed class UpOptionsTests
{
    [Theory]
    [InlineData("--nodes 0", "--nodes must be from 1 to 1,000, not '0'.")]
    [InlineData("--nodes 1001", "--nodes must be from 1 to 1,000, not '1001'.")]
    [InlineData("--nodes many", "--nodes must be from 1 to 1,000, not 'many'.")]
    [InlineData("--cycle-time 5", "--cycle-time must be from 10ms to 1h, not '5'.")]
    [InlineData("--cycle-time 9ms", "--cycle-time must be from 10ms to 1h, not '9ms'.")]
    [InlineData("--jitter 0.6", "--jitter must be from 0 to 0.5, not '0.6'.")]
    [InlineData("--selection best", "--selection must be rand|tail|head, not 'best'.")]
    [InlineData("--selection 1", "--selection must be rand|tail|head, not '1'.")]
    [InlineData("--propagation shout", "--propagation must be pushpull|push|pull, not 'shout'.")]
    [InlineData("--view-size 300", "--view-size must be from 4 to 256, not '300'.")]
    [InlineData("--view-size 21", "--view-size must be even and from 4 to 256, not 21.")]
    [InlineData("--healing 12 --swap 12", "--healing + --swap must be at most --view-size/2 = 15, not 12 + 12 = 24.")]
    [InlineData("--healing 16", "--healing must be from 0 to --view-size/2 = 15, not 16.")]
    [InlineData("--fanout 31", "--fanout must be from 1 to --view-size = 30, not 31.")]
    [InlineData("--preset best", "--preset must be blind|healer|swapper|recommended|newscast|cyclon|lan|wan, not")]
    [InlineData("--shuffle-length 1", "--shuffle-length must be from 2 to 256, not '1'.")]
    [InlineData("--evict-on-timeout maybe", "--evict-on-timeout must be true|false, not 'maybe'.")]
    [InlineData("--maximum-timeout 2s", "--maximum-timeout must be above zero and below --cycle-time")]
    [InlineData("--kill 1", "--kill must be above 0 and below 1, not '1'.")]
    [InlineData("--kill 0.5 --nodes 1", "--kill needs --nodes from 2 to 1,000, not 1.")]
    [InlineData("--floor --nodes 1", "--floor needs --nodes from 2 to 1,000, not 1.")]
    [InlineData("--cycles 0", "--cycles must be from 1 to 100,000, not '0'.")]
    [InlineData("--seed -1", "--seed must be from 0 to 2^64-1, not '-1'.")]
    [InlineData("--colour red", "Unrecognized command or argument '--colour'.")]
    public async Task A_wrong_option_is_named_with_what_it_allows(string options, string message)
    {
        var (code, output, error) = await Cli.RunAsync("up " + options);
        Assert.Equal(2, code);
        Assert.Empty(output);
        Assert.Contains(message, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_lists_all_options()
    {
        var (code, output, _) = await Cli.RunAsync("up --help");
        Assert.Equal(0, code);
        string[] options =
        [
            "--nodes", "--cycle-time", "--jitter", "--selection", "--propagation", "--view-size", "--healing", "--swap",
            "--fanout", "--preset", "--kill", "--cycles", "--floor", "--seed", "--json", "--tries-per-cycle",
            "--evict-on-timeout", "--quarantine-after", "--table-capacity",
        ];
        Assert.All(options, option => Assert.Contains(option + " ", output, StringComparison.Ordinal));
    }

    [Fact]
    public void Options_of_sampling_change_what_a_preset_has()
    {
        var (arguments, command) = (new SamplingArguments(), new Command("up"));
        arguments.Options.ToList().ForEach(command.Add);
        var read = arguments.Read(command.Parse(
            "--preset swapper --view-size 20 --evict-on-timeout false --cycle-time 250ms --jitter 0.2 "
            + "--selection head --propagation push --tries-per-cycle 2"));
        Assert.Equal(
            PeerSamplingOptions.Swapper.WithViewSize(20) with
            {
                EvictOnTimeout = false, CycleTime = TimeSpan.FromMilliseconds(250), Jitter = 0.2, TriesPerCycle = 2,
                Selection = PeerSelection.Head, Propagation = Propagation.Push,
            },
            read);
        Assert.Equal(PeerSamplingOptions.Recommended, arguments.Read(command.Parse("")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("--help")]
    public async Task Without_a_command_there_is_help(string arguments)
    {
        var (code, output, error) = await Cli.RunAsync(arguments);
        Assert.Equal(0, code);
        Assert.Contains("up", output, StringComparison.Ordinal);
        Assert.Empty(error);
    }

    [Fact]
    public async Task An_unknown_command_is_a_usage_error() => Assert.Equal(2, (await Cli.RunAsync("down")).ExitCode);
}
