using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Hearsay.Protocols.Core;

/// <summary>The memory of a node's tables as memory: how much it is, and when it should be at hand.</summary>
internal static unsafe class ArrayMemory
{
    private const int LineBytes = 64;

    /// <summary>The bytes of an array's items.</summary>
    public static long SizeBytes<T>(T[] array) => (long)array.Length * Unsafe.SizeOf<T>();

    /// <summary>
    /// Asks the processor to bring an array into its cache, and waits for nothing; does nothing where there is no such
    /// instruction.
    /// </summary>
    public static void Prefetch<T>(T[] array)
    {
        if (Sse.IsSupported)
        {
            // The collector may move the array meanwhile: then the wrong memory is fetched, which harms nobody.
            ref var first = ref Unsafe.As<T, byte>(ref MemoryMarshal.GetArrayDataReference(array));
            var bytes = SizeBytes(array);
            for (nint offset = 0; offset < bytes; offset += LineBytes)
            {
                Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.Add(ref first, offset)));
            }
        }
    }
}
