using System.Globalization;
using Hearsay.Protocols.Sampling;

namespace Hearsay.Protocols.Tests.Sampling;

/// <summary>The table that command lines and help texts follow from.</summary>
public sealed class SamplingSettingsTests
{
    /// <summary>Options that leave every single bound of the table open.</summary>
    private static readonly PeerSamplingOptions s_wide = new()
    {
        Form = ExchangeForm.Cyclon, ViewSize = PeerSamplingOptions.MaximumViewSize, Healing = 0, Swap = 0,
        CycleTime = TimeSpan.FromHours(1),
    };

    [Fact]
    public void Every_option_but_the_form_is_in_the_table() => Assert.Equal(
        typeof(PeerSamplingOptions).GetProperties().Where(static property => property.CanWrite)
            .Select(static property => property.Name).Where(static name => name != "Form").Order(),
        SamplingSettings.All.Select(static setting => setting.Property).Order());

    [Fact]
    public void A_setting_changes_the_option_that_it_names()
    {
        foreach (var setting in SamplingSettings.All)
        {
            var (least, most) = Bounds(setting);
            var property = typeof(PeerSamplingOptions).GetProperty(setting.Property)!;
            Assert.Equal(least.Value, property.GetValue(least.Options));
            Assert.Equal(most.Value, property.GetValue(most.Options));
        }
    }

    [Fact]
    public void The_validation_allows_each_bound_and_nothing_beyond()
    {
        Check(SamplingSettings.ViewSize, s_wide, -2, 2, with => with with { ShuffleLength = 2 });
        Check(SamplingSettings.Healing, s_wide, -1, 1);
        Check(SamplingSettings.Swap, s_wide, -1, 1);
        Check(SamplingSettings.Fanout, s_wide, -1, 1);
        Check(SamplingSettings.ShuffleLength, s_wide, -1, 1);
        Check(SamplingSettings.TriesPerCycle, s_wide, -1, 1);
        Check(SamplingSettings.QuarantineAfter, s_wide, -1, 1);
        Check(SamplingSettings.QuarantineCycles, s_wide, -1, 1);
        Check(SamplingSettings.RecontactCycles, s_wide, -1, 1);
        Check(SamplingSettings.TableCapacity, s_wide.WithViewSize(4), -1, 1);
        var (cycle, jitter) = (SamplingSettings.CycleTime, SamplingSettings.Jitter);
        Assert.Empty(Wrong(cycle, cycle.Least).Concat(Wrong(cycle, cycle.Most)));
        Assert.NotEmpty(Wrong(cycle, cycle.Least - TimeSpan.FromTicks(1)));
        Assert.NotEmpty(Wrong(cycle, cycle.Most + TimeSpan.FromTicks(1)));
        Assert.Empty(Wrong(jitter, jitter.Least).Concat(Wrong(jitter, jitter.Most)));
        Assert.NotEmpty(Wrong(jitter, -0.01));
        Assert.NotEmpty(Wrong(jitter, 0.51));
        var shortest = SamplingSettings.MinimumTimeout;
        Assert.Empty(Wrong(shortest, shortest.Least));
        Assert.NotEmpty(Wrong(shortest, shortest.Least - TimeSpan.FromTicks(1)));
    }

    [Fact]
    public void The_help_says_the_bounds_and_the_default()
    {
        foreach (var setting in SamplingSettings.All.OfType<SamplingSetting<int>>())
        {
            var (least, most) = (Text(setting.Least), Text(setting.Most));
            var words = setting.Allowed!.Split(' ');
            Assert.True(words.Contains(least) || words.Any(static word => word.Contains('c')), setting.Property);
            Assert.True(words[^1] == most || words.Any(static word => word.Contains('c')), setting.Property);
        }

        Assert.Equal("even, 4 to 256", SamplingSettings.ViewSize.Allowed);
        Assert.Equal("10ms to 1h", SamplingSettings.CycleTime.Allowed);
        foreach (var setting in SamplingSettings.All)
        {
            var value = typeof(PeerSamplingOptions).GetProperty(setting.Property)!.GetValue(new PeerSamplingOptions());
            var text = value is TimeSpan time ? $"{time.TotalSeconds}s" : Text(value);
            Assert.True(value is null || text.Equals(setting.Default, StringComparison.OrdinalIgnoreCase)
                || (setting == SamplingSettings.MinimumTimeout && setting.Default == "20ms"), setting.Property);
        }
    }

    [Fact]
    public void A_message_names_options_as_the_command_line_does() => Assert.Equal(
        "--healing + --swap must be at most --view-size/2 = 15, not Swapped",
        SamplingSettings.InOptionNames("Healing + Swap must be at most ViewSize/2 = 15, not Swapped"));

    private static void Check(
        SamplingSetting<int> setting, PeerSamplingOptions options, int below, int above,
        Func<PeerSamplingOptions, PeerSamplingOptions>? adapt = null)
    {
        Assert.Empty(Wrong(setting, setting.Least));
        Assert.Empty(Wrong(setting, setting.Most));
        Assert.NotEmpty(Wrong(setting, setting.Least + below));
        Assert.NotEmpty(Wrong(setting, setting.Most + above));
        IEnumerable<string> Wrong(SamplingSetting<int> of, int value)
        {
            var changed = of.With(options, value);
            return Errors(of, adapt?.Invoke(changed) ?? changed);
        }
    }

    private static IEnumerable<string> Wrong<T>(SamplingSetting<T> setting, T value)
        where T : struct => Errors(setting, setting.With(s_wide, value));

    private static IEnumerable<string> Errors(SamplingSetting setting, PeerSamplingOptions options) =>
        PeerSamplingValidation.Errors(options)
            .Where(error => error.StartsWith(setting.Property + ' ', StringComparison.Ordinal));

    private static ((object Value, PeerSamplingOptions Options) Least, (object Value, PeerSamplingOptions Options) Most)
        Bounds(SamplingSetting setting) => setting switch
        {
            SamplingSetting<int> of => Of(of),
            SamplingSetting<double> of => Of(of),
            SamplingSetting<TimeSpan> of => Of(of),
            SamplingSetting<bool> of => Of(of),
            SamplingSetting<PeerSelection> of => Of(of),
            SamplingSetting<Propagation> of => Of(of),
            _ => throw new NotSupportedException(setting.Property),
        };

    private static ((object, PeerSamplingOptions), (object, PeerSamplingOptions)) Of<T>(SamplingSetting<T> setting)
        where T : struct =>
        ((setting.Least, setting.With(s_wide, setting.Least)), (setting.Most, setting.With(s_wide, setting.Most)));

    private static string Text(object? value) =>
        value is int ? FormattableString.Invariant($"{value:N0}") : FormattableString.Invariant($"{value}");
}
