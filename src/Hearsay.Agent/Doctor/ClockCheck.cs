using System.Globalization;
using Hearsay.Identity;

namespace Hearsay.Agent.Doctor;

/// <summary>
/// The clock of the host. A node counts its own time; of the clock on the wall it only takes its incarnation when it
/// starts, which must be higher than at the start before.
/// </summary>
internal sealed class ClockCheck(TimeProvider time)
{
    private const string Subject = "clock";
    private const string Advice = "Set the clock, and let NTP keep it (timedatectl set-ntp true).";

    /// <summary>This code is not older.</summary>
    private static readonly DateTimeOffset s_earliest = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>An hour of changes to the incarnation, and a clock that is a little off.</summary>
    private static readonly TimeSpan s_ahead = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan s_jump = TimeSpan.FromSeconds(1);

    private readonly DateTimeOffset _wall = time.GetUtcNow();
    private readonly long _own = time.GetTimestamp();

    /// <summary>What the clock says now, and what it said when the node ran before.</summary>
    public IEnumerable<Finding> Of(string? directory)
    {
        if (_wall < s_earliest)
        {
            return [Finding.Problem(
                Subject, string.Create(CultureInfo.InvariantCulture, $"It is {_wall:yyyy-MM-dd} on this host."),
                Advice + " Others ignore a node that starts with an older time than before.")];
        }

        if (Stored(directory) is not { } identity
            || DateTimeOffset.FromUnixTimeMilliseconds((long)Math.Min(identity.Incarnation, 253_402_300_799_999))
                is var last && last - _wall < s_ahead)
        {
            return [];
        }

        return [Finding.Warning(
            Subject, string.Create(CultureInfo.InvariantCulture,
                $"It is {last - _wall:d\\.hh\\:mm\\:ss} behind the time that this node has recorded in its data "
                + $"directory."),
            Advice + " With this directory the node goes on counting from there, but without it others would ignore "
                + "the node until the clock has caught up.")];
    }

    /// <summary>Whether the clock has jumped meanwhile.</summary>
    public IEnumerable<Finding> End()
    {
        var jump = time.GetUtcNow() - _wall - time.GetElapsedTime(_own);
        return jump.Duration() < s_jump
            ? [Finding.Ok(Subject, "It runs evenly.")]
            : [Finding.Warning(
                Subject, string.Create(CultureInfo.InvariantCulture,
                    $"It jumped by {jump.TotalSeconds:0.0} s while it was looked at."), Advice)];
    }

    private static NodeIdentity? Stored(string? directory)
    {
        try
        {
            return directory is null ? null : IdentityStore.Peek(directory);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The check of the files tells it.
            return null;
        }
    }
}
