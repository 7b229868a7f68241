using System.CommandLine;
using Hearsay.Agent.Shell;
using Hearsay.Security;

namespace Hearsay.Agent.Keys;

/// <summary><c>hearsay keys</c>: the keys with which the nodes of a cluster protect their packets.</summary>
internal static class KeysCommand
{
    /// <summary>The command with its subcommands.</summary>
    public static Command Create() => new(
        "keys", "Make, show and replace the keys with which a cluster protects its packets.")
    {
        Operator(), Generate(), Show(), RotateCommand.Create(), SpreadCommand.Create(),
        IdentityCommands.Identity(), IdentityCommands.Admission(), IdentityCommands.Admit(), RevokeCommand.Create(),
    };

    private static Command Operator()
    {
        var output = Output();
        var command = new Command(
            "operator",
            "Make the key with which an operator signs keyrings. No node needs it: keep it apart from them.")
        {
            output,
        };
        command.SetAction(parsed => KeyFiles.Run(parsed, () =>
        {
            var (path, key) = (parsed.GetValue(output)!, OperatorKey.Make());
            SecretFile.Create(path, key.ToText());
            parsed.InvocationConfiguration.Output.WriteLine(
                $"{path}: an operator key, public part {Convert.ToBase64String(key.Public)}");
        }));
        return command;
    }

    private static Command Generate()
    {
        var (output, signer) = (Output(), KeyFiles.OperatorOption(required: false));
        var command = new Command(
            "generate",
            "Make a keyring with one new key. Every node of the cluster needs a copy of it. Without --operator its "
            + "key can only be replaced by stopping all nodes.")
        {
            output, signer,
        };
        command.SetAction(parsed => KeyFiles.Run(parsed, () =>
        {
            var path = parsed.GetValue(output)!;
            var ring = parsed.GetValue(signer) is { } file
                ? Keyring.Make(KeyFiles.ReadOperator(file), KeyFiles.Now) : Keyring.Make();
            SecretFile.Create(path, ring.ToText());
            parsed.InvocationConfiguration.Output.WriteLine($"{path}: {ring}");
        }));
        return command;
    }

    private static Command Show()
    {
        var file = new Argument<string>("FILE")
        {
            Description = "A keyring, an identity, an admission key, a token, or public keys",
        };
        var command = new Command(
            "show", "Show what a file of keys says, and no secret: names, versions, ids, public keys, and ends.")
        {
            file,
        };
        command.SetAction(parsed => KeyFiles.Run(parsed, () =>
        {
            if (IdentityCommands.TryShow(parsed.GetValue(file)!, parsed.InvocationConfiguration.Output))
            {
                return;
            }

            var ring = KeyFiles.ReadRing(parsed.GetValue(file)!);
            var output = parsed.InvocationConfiguration.Output;
            foreach (var key in ring.Keys)
            {
                output.WriteLine(key);
            }

            output.WriteLine(ring.Operator.IsEmpty
                ? "no operator: nobody can replace a key while nodes run"
                : $"operator {Convert.ToBase64String(ring.Operator)}");
        }));
        return command;
    }

    private static Option<string> Output() => new("--out")
    {
        Description = "The file to make, with mode 0600; it must not exist", HelpName = "FILE", Required = true,
    };
}
