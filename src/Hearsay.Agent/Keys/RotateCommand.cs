using System.CommandLine;
using System.Globalization;
using Hearsay.Agent.Shell;
using Hearsay.Security;

namespace Hearsay.Agent.Keys;

/// <summary><c>hearsay keys rotate</c>: replaces the key of a cluster while it runs.</summary>
internal static class RotateCommand
{
    private static readonly TimeSpan s_least = TimeSpan.FromHours(1);
    private static readonly TimeSpan s_most = TimeSpan.FromDays(365);

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var (visit, signer) = (new SpreadVisit(), KeyFiles.OperatorOption(required: true));
        var keep = CheckedOption.Create<TimeSpan>(
            "--keep",
            "For how long nodes keep the older keys, so that a node that is down meanwhile gets the new one when it "
            + "comes back. Default 30d.",
            "from 1h to 365d", TryKeep);
        var command = new Command(
            "rotate",
            "Sign a new key, put it into the keyring, and bring it to the nodes that run, without losing a message. "
            + "This protects from nobody who has an older key: such a thief can fetch the new one. To take a key away "
            + "from somebody, make a new keyring with 'hearsay keys generate', stop all nodes, and start them with it.")
        {
            signer, keep,
        };
        visit.AddTo(command);
        command.SetAction((parsed, _) =>
        {
            var code = KeyFiles.Run(parsed, () => Sign(
                parsed, visit.PathIn(parsed), parsed.GetValue(signer)!,
                parsed.GetValue(keep) ?? TimeSpan.FromDays(30)));
            return code == 0 ? visit.RunAsync(parsed) : Task.FromResult(code);
        });
        return command;
    }

    /// <summary>The new key is in the file before any node hears of it: what was spread is never lost.</summary>
    private static void Sign(ParseResult parsed, string path, string signer, TimeSpan keep)
    {
        var (ring, key) = (KeyFiles.ReadRing(path), KeyFiles.ReadOperator(signer));
        if (!ring.Operator.SequenceEqual(key.Public))
        {
            throw new IOException(ring.Operator.IsEmpty
                ? $"'{path}' has no operator: it was made without --operator, and nobody can change it."
                : $"'{path}' has another operator than '{signer}'.");
        }

        var rotated = ring.Rotate(key, KeyFiles.Now, keep);
        SecretFile.Replace(path, rotated.ToText());
        var until = DateTimeOffset.FromUnixTimeSeconds((long)rotated.Keys[0].Signing.KeptUntil);
        parsed.InvocationConfiguration.Output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{path}: signed {rotated.Keys[0]}; older keys are kept until {until:yyyy-MM-dd HH:mm} UTC"));
    }

    private static bool TryKeep(string text, out TimeSpan keep)
    {
        var isDays = text.EndsWith('d') & int.TryParse(
            text.AsSpan(0, Math.Max(0, text.Length - 1)), NumberStyles.None, CultureInfo.InvariantCulture,
            out var days);
        keep = isDays ? TimeSpan.FromDays(Math.Min(days, 1 + (int)s_most.TotalDays))
            : Duration.TryParse(text, out var parsed) ? parsed : TimeSpan.Zero;
        return keep >= s_least && keep <= s_most;
    }
}
