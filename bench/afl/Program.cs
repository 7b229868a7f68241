using System.Globalization;
using Hearsay.Afl;
using Hearsay.Protocols.Tests.Wire;

// Instrumented code always counts.
Execution.CountElsewhere();
switch (args)
{
    case ["fuzz", var name, var failures]:
        return ForkServer.Run(() => Targets.Make(name), failures, null);
    case ["fuzz", var name, var failures, var variants, var folder]:
        var count = int.Parse(variants, CultureInfo.InvariantCulture);
        return ForkServer.Run(() => Targets.Make(name), failures, new Variants(count, new VariantsQueue(folder)));
    case ["seeds", var name, var folder]:
        Directory.CreateDirectory(folder);
        var number = 0;
        foreach (var seed in Targets.Make(name).Seeds)
        {
            File.WriteAllBytes(Path.Combine(folder, $"{number++:0000}"), seed);
        }

        return 0;
    case ["replay", var name, .. var files]:
        return Replay(name, files);
    case ["speed", var name]:
        return Speed.Run(Targets.Make(name));
    default:
        Console.Error.WriteLine(
            $"""
            usage: Hearsay.Afl COMMAND
              fuzz TARGET FAILURES [VARIANTS FOLDER]
                                        what afl-fuzz starts; failures are written to a file; so many variants of each
                                        input are executed besides, and the folder is their queue
              seeds TARGET FOLDER       writes the inputs to begin with
              replay TARGET FILE ...    hands files to the decoder, in order, and says what is wrong
              speed TARGET              executions in a second without afl-fuzz
            targets: {string.Join(", ", Targets.Names)}
            """);
        return 2;
}

static int Replay(string name, string[] files)
{
    var target = Targets.Make(name);
    var wrong = 0;
    foreach (var file in files)
    {
        if (Execution.Judge(target, File.ReadAllBytes(file)) is { } failure)
        {
            wrong++;
            Console.WriteLine($"{file}: {failure}");
        }
    }

    Console.WriteLine($"{files.Length} inputs, {wrong} failures");
    return wrong == 0 ? 0 : 1;
}
