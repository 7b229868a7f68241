using System.CommandLine;
using Hearsay.Agent.Shell;
using Hearsay.Security;

namespace Hearsay.Agent.Keys;

/// <summary><c>hearsay keys</c>: the keys with which the nodes of a cluster protect their packets.</summary>
internal static class KeysCommand
{
    /// <summary>The command with its subcommands.</summary>
    public static Command Create() => new("keys", "Make and show the keys with which a cluster protects its packets.")
    {
        Generate(), Show(), IdentityCommands.Identity(), IdentityCommands.Admission(), IdentityCommands.Admit(),
        RevokeCommand.Create(),
    };

    private static Command Generate()
    {
        var output = new Option<string>("--out")
        {
            Description = "The file to make, with mode 0600; it must not exist", HelpName = "FILE", Required = true,
        };
        var command = new Command(
            "generate", "Make a keyring with one new key. Every node of the cluster needs a copy of it.")
        {
            output,
        };
        command.SetAction(parsed => Run(parsed, () =>
        {
            var (path, ring) = (parsed.GetValue(output)!, Keyring.Make(operatorKey: null));
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
        command.SetAction(parsed => Run(parsed, () =>
        {
            var path = parsed.GetValue(file)!;
            if (IdentityCommands.TryShow(path, parsed.InvocationConfiguration.Output))
            {
                return;
            }

            if (!Keyring.TryParse(SecretFile.Read(path, Keyring.MaximumCharacters), out var ring, out var error))
            {
                throw new IOException($"'{path}' is no keyring: {error}");
            }

            foreach (var key in ring!.Keys)
            {
                parsed.InvocationConfiguration.Output.WriteLine(key);
            }
        }));
        return command;
    }

    /// <summary>Does something with files; the result is the exit code.</summary>
    public static int Run(ParseResult parsed, Action action)
    {
        try
        {
            action();
            return 0;
        }
        catch (IOException failure)
        {
            parsed.InvocationConfiguration.Error.WriteLine(failure.Message);
            return ExitCode.Failed;
        }
    }
}
