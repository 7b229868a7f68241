using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Hearsay.Protocols.Tests.Wire;
using Trace = SharpFuzz.Common.Trace;

namespace Hearsay.Afl;

/// <summary>
/// The other end of afl-fuzz: inputs come in shared memory, and one process does all executions. SharpFuzz's own reads
/// each input from a file; this one costs a read and a write of a pipe.
/// </summary>
/// <remarks>
/// afl-fuzz believes that each execution is a process. The number of the next one is written with the result of the one
/// before it, so that it need not wait for it; there is no such process, so an execution that takes too long is told
/// (<see cref="Killed"/>) and not killed.
/// </remarks>
internal static unsafe partial class ForkServer
{
    private const int ControlPipe = 198;
    private const int StatusPipe = 199;

    /// <summary>Options are used; inputs come in shared memory.</summary>
    private const uint Hello = 0x8000_0001 | 0x0100_0000;

    /// <summary>Higher than any number of a process.</summary>
    private const int NoProcess = 0x3FFF_FFFF;

    private const int Passed = 0;
    private const int Aborted = 6;
    private const int Killed = 9;

    /// <summary>As afl-fuzz's -t in the script.</summary>
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan s_hangs = TimeSpan.FromSeconds(60);

    /// <summary>When the present execution began; 0 between executions.</summary>
    private static long s_began;

    /// <summary>Executes what afl-fuzz asks for until it ends.</summary>
    /// <param name="make">Makes the target, anew after each failure.</param>
    /// <param name="failures">The file to which failures are appended.</param>
    /// <param name="variants">Executes variants of each input besides, or null.</param>
    public static int Run(Func<DecoderTarget> make, string failures, Variants? variants)
    {
        var target = make();
        var map = Attach("__AFL_SHM_ID");
        var input = Attach("__AFL_SHM_FUZZ_ID");
        if (map == null || input == null || !Write(Hello) || !TryRead(out _))
        {
            Console.Error.WriteLine("This is started by afl-fuzz: see bench/afl/run.");
            return 2;
        }

        using var watch = new Timer(_ => Watch(input, failures), null, s_hangs, s_hangs);
        var answer = stackalloc int[2] { Passed, NoProcess };
        var isThere = Write(NoProcess);
        while (isThere && TryRead(out _))
        {
            var bytes = new ReadOnlySpan<byte>(input + sizeof(int), *(int*)input);
            var began = Stopwatch.GetTimestamp();
            Volatile.Write(ref s_began, began);
            Trace.SharedMem = map;
            Trace.PrevLocation = 0;
            var failure = Execution.Judge(target, bytes);
            Execution.CountElsewhere();
            answer[0] = Stopwatch.GetElapsedTime(began) > s_longest ? Killed : Passed;
            if (failure is not null)
            {
                answer[0] = Aborted;
                Tell(failures, failure, bytes);
                target = make();
            }

            if (variants?.Run(target, bytes, out var variant) is { } wrong)
            {
                Tell(failures, wrong, variant);
                target = make();
            }

            Volatile.Write(ref s_began, 0);
            isThere = WriteAll(StatusPipe, (byte*)answer, 2 * sizeof(int)) == 2 * sizeof(int);
        }

        return 0;
    }

    /// <summary>afl-fuzz would wait for ever for an execution that never ends.</summary>
    private static void Watch(byte* input, string failures)
    {
        var began = Volatile.Read(ref s_began);
        if (began != 0 && Stopwatch.GetElapsedTime(began) > s_hangs)
        {
            Tell(failures, "it does not end", new ReadOnlySpan<byte>(input + sizeof(int), *(int*)input));
            Environment.FailFast("An execution does not end.");
        }
    }

    private static void Tell(string path, string failure, ReadOnlySpan<byte> input) => File.AppendAllText(
        path, string.Create(
            CultureInfo.InvariantCulture,
            $"{DateTime.UtcNow:u} {failure}\n  input: {Convert.ToHexStringLower(input)}\n"));

    private static byte* Attach(string variable)
    {
        var found = Environment.GetEnvironmentVariable(variable);
        if (!int.TryParse(found, CultureInfo.InvariantCulture, out var id))
        {
            return null;
        }

        var memory = SharedMemory(id, 0, 0);
        return (nint)memory == -1 ? null : memory;
    }

    private static bool Write(long value)
    {
        var bytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(new Span<byte>(bytes, sizeof(uint)), (uint)value);
        return WriteAll(StatusPipe, bytes, sizeof(uint)) == sizeof(uint);
    }

    private static bool TryRead(out uint value)
    {
        uint read;
        var isRead = ReadSome(ControlPipe, (byte*)&read, sizeof(uint)) == sizeof(uint);
        value = read;
        return isRead;
    }

    [LibraryImport("libc", EntryPoint = "shmat")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial byte* SharedMemory(int id, nint address, int flags);

    [LibraryImport("libc", EntryPoint = "read")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint ReadSome(int file, byte* bytes, nint count);

    [LibraryImport("libc", EntryPoint = "write")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint WriteAll(int file, byte* bytes, nint count);
}
