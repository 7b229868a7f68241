using System.CommandLine;
using Hearsay.Agent.Shell;
using Hearsay.Protocols.Security.Identity;
using Hearsay.Security;
using Hearsay.Security.Identity;

namespace Hearsay.Agent.Keys;

/// <summary>The commands of mode identity that only make and show files.</summary>
internal static class IdentityCommands
{
    private const string PublicEnd = ".pub";

    /// <summary><c>hearsay keys identity</c>.</summary>
    public static Command Identity()
    {
        var output = Output("The file to make, with mode 0600; its public keys go into FILE.pub; neither must exist");
        var command = new Command(
            "identity", "Make the keys of one node. Its id is their hash; nobody else needs the file.")
        {
            output,
        };
        command.SetAction(parsed => KeyFiles.Run(parsed, () =>
        {
            var (path, keys) = (parsed.GetValue(output)!, IdentityFile.Make());
            SecretFile.Create(path, IdentityFile.ToText(keys));
            SecretFile.Create(path + PublicEnd, IdentityFile.PublicText(keys) + "\n");
            parsed.InvocationConfiguration.Output.WriteLine($"{path}: node {keys.Id}");
            parsed.InvocationConfiguration.Output.WriteLine(IdentityFile.PublicText(keys));
        }));
        return command;
    }

    /// <summary><c>hearsay keys admission</c>.</summary>
    public static Command Admission()
    {
        var output = Output("The file to make, with mode 0600; its public key goes into FILE.pub; neither must exist");
        var command = new Command(
            "admission", "Make the key that decides who joins a cluster. Nodes need its public part; keep the file "
                + "apart.")
        {
            output,
        };
        command.SetAction(parsed => KeyFiles.Run(parsed, () =>
        {
            var (path, key) = (parsed.GetValue(output)!, AdmissionKey.Make());
            SecretFile.Create(path, key.ToText());
            SecretFile.Create(path + PublicEnd, key.PublicText + "\n");
            parsed.InvocationConfiguration.Output.WriteLine(key.PublicText);
        }));
        return command;
    }

    /// <summary><c>hearsay keys admit</c>.</summary>
    public static Command Admit()
    {
        var node = new Argument<string>("NODE-KEY")
        {
            Description = "The public keys of the node, or the file with them, which 'hearsay keys identity' made",
        };
        var admission = AdmissionFile();
        var name = new Option<string>("--name")
        {
            Description = "The name of the node, for people: it need not be unique", HelpName = "NAME", Required = true,
        };
        var valid = CheckedOption.Create<TimeSpan>(
            "--valid", "How long it is admitted. Default 24h.", "from 1m to 90d",
            (string text, out TimeSpan time) => Validity.TryParse(text, out time)
                && time >= TimeSpan.FromMinutes(1) && time <= AdmissionToken.LongestValidity);
        var renewer = new Option<bool>("--renewer")
        {
            Description = "Let the node extend the tokens of others, by a day at a time and until 90 days after they "
                + "were made, unless they are revoked",
        };
        var cluster = Cluster();
        var output = Output("The file to make, with mode 0600; it must not exist", isRequired: false);
        var command = new Command("admit", "Admit a node to a cluster: make its token.")
        {
            node, admission, name, valid, renewer, cluster, output,
        };
        command.SetAction(parsed => KeyFiles.Run(parsed, () =>
        {
            var request = ReadRequest(parsed.GetValue(node)!);
            var token = AdmissionKey.Read(parsed.GetValue(admission)!).Admit(
                request.AsSpan(0, AdmissionRequest.KeysBytes),
                parsed.GetValue(name)!, parsed.GetValue(cluster) ?? "default", DateTimeOffset.UtcNow,
                parsed.GetValue(valid) ?? TimeSpan.FromHours(24), parsed.GetValue(renewer));
            var written = KeyText.Write(KeyText.Token, token);
            if (parsed.GetValue(output) is { } path)
            {
                SecretFile.Create(path, written + "\n");
                parsed.InvocationConfiguration.Output.WriteLine($"{path}: {Describe(token)}");
            }
            else
            {
                parsed.InvocationConfiguration.Output.WriteLine(written);
            }
        }));
        return command;
    }

    private static byte[] ReadRequest(string node)
    {
        if (!KeyText.TryRead(KeyText.Node, KeyText.Resolve(node, KeyText.Node), out var request)
            || request.Length is not (AdmissionRequest.KeysBytes or AdmissionRequest.SizeBytes))
        {
            throw new IOException("These are no public keys of 'hearsay keys identity'.");
        }

        return AdmissionRequest.IsProven(request) ? request : throw new IOException(
            request.Length == AdmissionRequest.KeysBytes
                ? "These public keys have no proof that their node has the secret ones: they were made by an earlier "
                    + "version. Make new ones on the node with 'hearsay keys identity'."
                : "The proof in these public keys does not hold: whoever made them does not have the secret ones, or "
                    + "they were changed on the way.");
    }

    /// <summary>Shows a file of mode identity; false if it is none.</summary>
    /// <exception cref="IOException">The file cannot be read, or others can read it.</exception>
    public static bool TryShow(string path, TextWriter output)
    {
        var text = SecretFile.Read(path, Keyring.MaximumCharacters);
        if (IdentityFile.TryParse(text, out var keys))
        {
            output.WriteLine($"node {keys!.Id}");
            output.WriteLine(IdentityFile.PublicText(keys));
        }
        else if (AdmissionKey.TryParse(text, out var admission))
        {
            output.WriteLine(admission!.PublicText);
        }
        else if (KeyText.TryRead(KeyText.Token, text, out var token) && AdmissionToken.TryRead(token, out _))
        {
            output.WriteLine(Describe(token));
        }
        else if (AdmissionRequest.TryReadId(text, out var node))
        {
            output.WriteLine($"node {node}");
        }
        else
        {
            return false;
        }

        return true;
    }

    /// <summary>The option that names the file with the secret admission key.</summary>
    public static Option<string> AdmissionFile() => new("--admission")
    {
        Description = "The file with the admission key, which 'hearsay keys admission' made", HelpName = "FILE",
        Required = true,
    };

    /// <summary>The option that names the cluster.</summary>
    public static Option<string> Cluster() => new("--cluster")
    {
        Description = "The cluster's name. Default 'default'.", HelpName = "NAME",
    };

    private static string Describe(ReadOnlySpan<byte> bytes) => AdmissionToken.TryRead(bytes, out var token)
        ? $"node {NodeKeys.IdOf(token.Key)} as '{token.NameText()}'"
            + $"{(token.IsRenewer ? ", a renewer," : string.Empty)} until "
            + $"{DateTimeOffset.FromUnixTimeSeconds(token.End).UtcDateTime:u}"
        : string.Empty;

    private static Option<string> Output(string description, bool isRequired = true) => new("--out")
    {
        Description = description, HelpName = "FILE", Required = isRequired,
    };
}
