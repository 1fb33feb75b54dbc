/* SPDX-License-Identifier: MIT */
/*
 * Every slot and every DISPID against figures transcribed from Microsoft's header and type library,
 * not from our IDL.
 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "api/com/dispatch_tables.h"

struct slot {
    const char *interface_name, *member;
    size_t actual, expected;
    const struct dispatch_table *table; /* NULL: not for late binding */
    DISPID id;
};
#define SLOT(type, number, member, id)                                                             \
    {                                                                                              \
#type, #member, offsetof(type##Vtbl, member) / sizeof(void *), number, &dispatch_##type,   \
            id                                                                                     \
    }
#define VTABLE_ONLY(type, number, member)                                                          \
    {                                                                                              \
#type, #member, offsetof(type##Vtbl, member) / sizeof(void *), number, NULL, 0             \
    }

/* clang-format off */
static const struct slot slots[] = {
    VTABLE_ONLY(IUnknown, 0, QueryInterface),
    VTABLE_ONLY(IUnknown, 1, AddRef),
    VTABLE_ONLY(IUnknown, 2, Release),
    VTABLE_ONLY(IDispatch, 3, GetTypeInfoCount),
    VTABLE_ONLY(IDispatch, 4, GetTypeInfo),
    VTABLE_ONLY(IDispatch, 5, GetIDsOfNames),
    VTABLE_ONLY(IDispatch, 6, Invoke),
    VTABLE_ONLY(IClassFactory, 3, CreateInstance),
    VTABLE_ONLY(IClassFactory, 4, LockServer),
    VTABLE_ONLY(IMalloc, 3, Alloc),
    VTABLE_ONLY(IMalloc, 4, Realloc),
    VTABLE_ONLY(IMalloc, 5, Free),
    VTABLE_ONLY(IMalloc, 6, GetSize),
    VTABLE_ONLY(IMalloc, 7, DidAlloc),
    VTABLE_ONLY(IMalloc, 8, HeapMinimize),
    VTABLE_ONLY(IMallocSpy, 3, PreAlloc),
    VTABLE_ONLY(IMallocSpy, 4, PostAlloc),
    VTABLE_ONLY(IMallocSpy, 5, PreFree),
    VTABLE_ONLY(IMallocSpy, 6, PostFree),
    VTABLE_ONLY(IMallocSpy, 7, PreRealloc),
    VTABLE_ONLY(IMallocSpy, 8, PostRealloc),
    VTABLE_ONLY(IMallocSpy, 9, PreGetSize),
    VTABLE_ONLY(IMallocSpy, 10, PostGetSize),
    VTABLE_ONLY(IMallocSpy, 11, PreDidAlloc),
    VTABLE_ONLY(IMallocSpy, 12, PostDidAlloc),
    VTABLE_ONLY(IMallocSpy, 13, PreHeapMinimize),
    VTABLE_ONLY(IMallocSpy, 14, PostHeapMinimize),
    VTABLE_ONLY(IStream, 3, Read),
    VTABLE_ONLY(IStream, 4, Write),
    VTABLE_ONLY(IStream, 5, Seek),
    VTABLE_ONLY(IStream, 6, SetSize),
    VTABLE_ONLY(IStream, 7, CopyTo),
    VTABLE_ONLY(IStream, 8, Commit),
    VTABLE_ONLY(IStream, 9, Revert),
    VTABLE_ONLY(IStream, 10, LockRegion),
    VTABLE_ONLY(IStream, 11, UnlockRegion),
    VTABLE_ONLY(IStream, 12, Stat),
    VTABLE_ONLY(IStream, 13, Clone),
    VTABLE_ONLY(IConnectionPoint, 3, GetConnectionInterface),
    VTABLE_ONLY(IConnectionPoint, 4, GetConnectionPointContainer),
    VTABLE_ONLY(IConnectionPoint, 5, Advise),
    VTABLE_ONLY(IConnectionPoint, 6, Unadvise),
    VTABLE_ONLY(IConnectionPoint, 7, EnumConnections),
    VTABLE_ONLY(IConnectionPointContainer, 3, EnumConnectionPoints),
    VTABLE_ONLY(IConnectionPointContainer, 4, FindConnectionPoint),
    VTABLE_ONLY(IEnumConnections, 3, Next),
    VTABLE_ONLY(IEnumConnections, 4, Skip),
    VTABLE_ONLY(IEnumConnections, 5, Reset),
    VTABLE_ONLY(IEnumConnections, 6, Clone),
    VTABLE_ONLY(IEnumConnectionPoints, 3, Next),
    VTABLE_ONLY(IEnumConnectionPoints, 4, Skip),
    VTABLE_ONLY(IEnumConnectionPoints, 5, Reset),
    VTABLE_ONLY(IEnumConnectionPoints, 6, Clone),
    VTABLE_ONLY(IEnumVARIANT, 3, Next),
    VTABLE_ONLY(IEnumVARIANT, 4, Skip),
    VTABLE_ONLY(IEnumVARIANT, 5, Reset),
    VTABLE_ONLY(IEnumVARIANT, 6, Clone),
    /* IDiscFormat2TrackAtOnce */
    SLOT(IDiscFormat2, 7, IsRecorderSupported, 0x800),
    SLOT(IDiscFormat2, 8, IsCurrentMediaSupported, 0x801),
    SLOT(IDiscFormat2, 9, get_MediaPhysicallyBlank, 0x700),
    SLOT(IDiscFormat2, 10, get_MediaHeuristicallyBlank, 0x701),
    SLOT(IDiscFormat2, 11, get_SupportedMediaTypes, 0x702),
    SLOT(IDiscFormat2TrackAtOnce, 12, PrepareMedia, 0x200),
    SLOT(IDiscFormat2TrackAtOnce, 13, AddAudioTrack, 0x201),
    SLOT(IDiscFormat2TrackAtOnce, 14, CancelAddTrack, 0x202),
    SLOT(IDiscFormat2TrackAtOnce, 15, ReleaseMedia, 0x203),
    SLOT(IDiscFormat2TrackAtOnce, 16, SetWriteSpeed, 0x204),
    SLOT(IDiscFormat2TrackAtOnce, 17, put_Recorder, 0x100),
    SLOT(IDiscFormat2TrackAtOnce, 18, get_Recorder, 0x100),
    SLOT(IDiscFormat2TrackAtOnce, 19, put_BufferUnderrunFreeDisabled, 0x102),
    SLOT(IDiscFormat2TrackAtOnce, 20, get_BufferUnderrunFreeDisabled, 0x102),
    SLOT(IDiscFormat2TrackAtOnce, 21, get_NumberOfExistingTracks, 0x103),
    SLOT(IDiscFormat2TrackAtOnce, 22, get_TotalSectorsOnMedia, 0x104),
    SLOT(IDiscFormat2TrackAtOnce, 23, get_FreeSectorsOnMedia, 0x105),
    SLOT(IDiscFormat2TrackAtOnce, 24, get_UsedSectorsOnMedia, 0x106),
    SLOT(IDiscFormat2TrackAtOnce, 25, put_DoNotFinalizeMedia, 0x107),
    SLOT(IDiscFormat2TrackAtOnce, 26, get_DoNotFinalizeMedia, 0x107),
    SLOT(IDiscFormat2TrackAtOnce, 27, get_ExpectedTableOfContents, 0x10A),
    SLOT(IDiscFormat2TrackAtOnce, 28, get_CurrentPhysicalMediaType, 0x10B),
    SLOT(IDiscFormat2TrackAtOnce, 29, put_ClientName, 0x10E),
    SLOT(IDiscFormat2TrackAtOnce, 30, get_ClientName, 0x10E),
    SLOT(IDiscFormat2TrackAtOnce, 31, get_RequestedWriteSpeed, 0x10F),
    SLOT(IDiscFormat2TrackAtOnce, 32, get_RequestedRotationTypeIsPureCAV, 0x110),
    SLOT(IDiscFormat2TrackAtOnce, 33, get_CurrentWriteSpeed, 0x111),
    SLOT(IDiscFormat2TrackAtOnce, 34, get_CurrentRotationTypeIsPureCAV, 0x112),
    SLOT(IDiscFormat2TrackAtOnce, 35, get_SupportedWriteSpeeds, 0x113),
    SLOT(IDiscFormat2TrackAtOnce, 36, get_SupportedWriteSpeedDescriptors, 0x114),
    /* IDiscRecorder2 */
    SLOT(IDiscRecorder2, 7, EjectMedia, 0x100),
    SLOT(IDiscRecorder2, 8, CloseTray, 0x101),
    SLOT(IDiscRecorder2, 9, AcquireExclusiveAccess, 0x102),
    SLOT(IDiscRecorder2, 10, ReleaseExclusiveAccess, 0x103),
    SLOT(IDiscRecorder2, 11, DisableMcn, 0x104),
    SLOT(IDiscRecorder2, 12, EnableMcn, 0x105),
    SLOT(IDiscRecorder2, 13, InitializeDiscRecorder, 0x106),
    SLOT(IDiscRecorder2, 14, get_ActiveDiscRecorder, 0x0),
    SLOT(IDiscRecorder2, 15, get_VendorId, 0x201),
    SLOT(IDiscRecorder2, 16, get_ProductId, 0x202),
    SLOT(IDiscRecorder2, 17, get_ProductRevision, 0x203),
    SLOT(IDiscRecorder2, 18, get_VolumeName, 0x204),
    SLOT(IDiscRecorder2, 19, get_VolumePathNames, 0x205),
    SLOT(IDiscRecorder2, 20, get_DeviceCanLoadMedia, 0x206),
    SLOT(IDiscRecorder2, 21, get_LegacyDeviceNumber, 0x207),
    SLOT(IDiscRecorder2, 22, get_SupportedFeaturePages, 0x208),
    SLOT(IDiscRecorder2, 23, get_CurrentFeaturePages, 0x209),
    SLOT(IDiscRecorder2, 24, get_SupportedProfiles, 0x20A),
    SLOT(IDiscRecorder2, 25, get_CurrentProfiles, 0x20B),
    SLOT(IDiscRecorder2, 26, get_SupportedModePages, 0x20C),
    SLOT(IDiscRecorder2, 27, get_ExclusiveAccessOwner, 0x20D),
    /* IDiscRecorder2Ex */
    VTABLE_ONLY(IDiscRecorder2Ex, 3, SendCommandNoData),
    VTABLE_ONLY(IDiscRecorder2Ex, 4, SendCommandSendDataToDevice),
    VTABLE_ONLY(IDiscRecorder2Ex, 5, SendCommandGetDataFromDevice),
    VTABLE_ONLY(IDiscRecorder2Ex, 6, ReadDvdStructure),
    VTABLE_ONLY(IDiscRecorder2Ex, 7, SendDvdStructure),
    VTABLE_ONLY(IDiscRecorder2Ex, 8, GetAdapterDescriptor),
    VTABLE_ONLY(IDiscRecorder2Ex, 9, GetDeviceDescriptor),
    VTABLE_ONLY(IDiscRecorder2Ex, 10, GetDiscInformation),
    VTABLE_ONLY(IDiscRecorder2Ex, 11, GetTrackInformation),
    VTABLE_ONLY(IDiscRecorder2Ex, 12, GetFeaturePage),
    VTABLE_ONLY(IDiscRecorder2Ex, 13, GetModePage),
    VTABLE_ONLY(IDiscRecorder2Ex, 14, SetModePage),
    VTABLE_ONLY(IDiscRecorder2Ex, 15, GetSupportedFeaturePages),
    VTABLE_ONLY(IDiscRecorder2Ex, 16, GetSupportedProfiles),
    VTABLE_ONLY(IDiscRecorder2Ex, 17, GetSupportedModePages),
    VTABLE_ONLY(IDiscRecorder2Ex, 18, GetByteAlignmentMask),
    VTABLE_ONLY(IDiscRecorder2Ex, 19, GetMaximumNonPageAlignedTransferSize),
    VTABLE_ONLY(IDiscRecorder2Ex, 20, GetMaximumPageAlignedTransferSize),
    /* IDiscMaster2 */
    SLOT(IDiscMaster2, 7, get__NewEnum, -4),
    SLOT(IDiscMaster2, 8, get_Item, 0),
    SLOT(IDiscMaster2, 9, get_Count, 1),
    SLOT(IDiscMaster2, 10, get_IsSupportedEnvironment, 2),
    /* IWriteEngine2 */
    SLOT(IWriteEngine2, 7, WriteSection, 0x200),
    SLOT(IWriteEngine2, 8, CancelWrite, 0x201),
    SLOT(IWriteEngine2, 9, put_Recorder, 0x100),
    SLOT(IWriteEngine2, 10, get_Recorder, 0x100),
    SLOT(IWriteEngine2, 11, put_UseStreamingWrite12, 0x101),
    SLOT(IWriteEngine2, 12, get_UseStreamingWrite12, 0x101),
    SLOT(IWriteEngine2, 13, put_StartingSectorsPerSecond, 0x102),
    SLOT(IWriteEngine2, 14, get_StartingSectorsPerSecond, 0x102),
    SLOT(IWriteEngine2, 15, put_EndingSectorsPerSecond, 0x103),
    SLOT(IWriteEngine2, 16, get_EndingSectorsPerSecond, 0x103),
    SLOT(IWriteEngine2, 17, put_BytesPerSector, 0x104),
    SLOT(IWriteEngine2, 18, get_BytesPerSector, 0x104),
    SLOT(IWriteEngine2, 19, get_WriteInProgress, 0x105),
    /* IDiscFormat2Data */
    SLOT(IDiscFormat2Data, 12, put_Recorder, 0x100),
    SLOT(IDiscFormat2Data, 13, get_Recorder, 0x100),
    SLOT(IDiscFormat2Data, 14, put_BufferUnderrunFreeDisabled, 0x101),
    SLOT(IDiscFormat2Data, 15, get_BufferUnderrunFreeDisabled, 0x101),
    SLOT(IDiscFormat2Data, 16, put_PostgapAlreadyInImage, 0x104),
    SLOT(IDiscFormat2Data, 17, get_PostgapAlreadyInImage, 0x104),
    SLOT(IDiscFormat2Data, 18, get_CurrentMediaStatus, 0x106),
    SLOT(IDiscFormat2Data, 19, get_WriteProtectStatus, 0x107),
    SLOT(IDiscFormat2Data, 20, get_TotalSectorsOnMedia, 0x108),
    SLOT(IDiscFormat2Data, 21, get_FreeSectorsOnMedia, 0x109),
    SLOT(IDiscFormat2Data, 22, get_NextWritableAddress, 0x10A),
    SLOT(IDiscFormat2Data, 23, get_StartAddressOfPreviousSession, 0x10B),
    SLOT(IDiscFormat2Data, 24, get_LastWrittenAddressOfPreviousSession, 0x10C),
    SLOT(IDiscFormat2Data, 25, put_ForceMediaToBeClosed, 0x10D),
    SLOT(IDiscFormat2Data, 26, get_ForceMediaToBeClosed, 0x10D),
    SLOT(IDiscFormat2Data, 27, put_DisableConsumerDvdCompatibilityMode, 0x10E),
    SLOT(IDiscFormat2Data, 28, get_DisableConsumerDvdCompatibilityMode, 0x10E),
    SLOT(IDiscFormat2Data, 29, get_CurrentPhysicalMediaType, 0x10F),
    SLOT(IDiscFormat2Data, 30, put_ClientName, 0x110),
    SLOT(IDiscFormat2Data, 31, get_ClientName, 0x110),
    SLOT(IDiscFormat2Data, 32, get_RequestedWriteSpeed, 0x111),
    SLOT(IDiscFormat2Data, 33, get_RequestedRotationTypeIsPureCAV, 0x112),
    SLOT(IDiscFormat2Data, 34, get_CurrentWriteSpeed, 0x113),
    SLOT(IDiscFormat2Data, 35, get_CurrentRotationTypeIsPureCAV, 0x114),
    SLOT(IDiscFormat2Data, 36, get_SupportedWriteSpeeds, 0x115),
    SLOT(IDiscFormat2Data, 37, get_SupportedWriteSpeedDescriptors, 0x116),
    SLOT(IDiscFormat2Data, 38, put_ForceOverwrite, 0x117),
    SLOT(IDiscFormat2Data, 39, get_ForceOverwrite, 0x117),
    SLOT(IDiscFormat2Data, 40, get_MultisessionInterfaces, 0x118),
    SLOT(IDiscFormat2Data, 41, Write, 0x200),
    SLOT(IDiscFormat2Data, 42, CancelWrite, 0x201),
    SLOT(IDiscFormat2Data, 43, SetWriteSpeed, 0x202),
    /* IDiscFormat2Erase */
    SLOT(IDiscFormat2Erase, 12, put_Recorder, 0x100),
    SLOT(IDiscFormat2Erase, 13, get_Recorder, 0x100),
    SLOT(IDiscFormat2Erase, 14, put_FullErase, 0x101),
    SLOT(IDiscFormat2Erase, 15, get_FullErase, 0x101),
    SLOT(IDiscFormat2Erase, 16, get_CurrentPhysicalMediaType, 0x102),
    SLOT(IDiscFormat2Erase, 17, put_ClientName, 0x103),
    SLOT(IDiscFormat2Erase, 18, get_ClientName, 0x103),
    SLOT(IDiscFormat2Erase, 19, EraseMedia, 0x201),
    /* IDiscFormat2RawCD */
    SLOT(IDiscFormat2RawCD, 12, PrepareMedia, 0x200),
    SLOT(IDiscFormat2RawCD, 13, WriteMedia, 0x201),
    SLOT(IDiscFormat2RawCD, 14, WriteMedia2, 0x202),
    SLOT(IDiscFormat2RawCD, 15, CancelWrite, 0x203),
    SLOT(IDiscFormat2RawCD, 16, ReleaseMedia, 0x204),
    SLOT(IDiscFormat2RawCD, 17, SetWriteSpeed, 0x205),
    SLOT(IDiscFormat2RawCD, 18, put_Recorder, 0x100),
    SLOT(IDiscFormat2RawCD, 19, get_Recorder, 0x100),
    SLOT(IDiscFormat2RawCD, 20, put_BufferUnderrunFreeDisabled, 0x102),
    SLOT(IDiscFormat2RawCD, 21, get_BufferUnderrunFreeDisabled, 0x102),
    SLOT(IDiscFormat2RawCD, 22, get_StartOfNextSession, 0x103),
    SLOT(IDiscFormat2RawCD, 23, get_LastPossibleStartOfLeadout, 0x104),
    SLOT(IDiscFormat2RawCD, 24, get_CurrentPhysicalMediaType, 0x105),
    SLOT(IDiscFormat2RawCD, 25, get_SupportedSectorTypes, 0x108),
    SLOT(IDiscFormat2RawCD, 26, put_RequestedSectorType, 0x109),
    SLOT(IDiscFormat2RawCD, 27, get_RequestedSectorType, 0x109),
    SLOT(IDiscFormat2RawCD, 28, put_ClientName, 0x10A),
    SLOT(IDiscFormat2RawCD, 29, get_ClientName, 0x10A),
    SLOT(IDiscFormat2RawCD, 30, get_RequestedWriteSpeed, 0x10B),
    SLOT(IDiscFormat2RawCD, 31, get_RequestedRotationTypeIsPureCAV, 0x10C),
    SLOT(IDiscFormat2RawCD, 32, get_CurrentWriteSpeed, 0x10D),
    SLOT(IDiscFormat2RawCD, 33, get_CurrentRotationTypeIsPureCAV, 0x10E),
    SLOT(IDiscFormat2RawCD, 34, get_SupportedWriteSpeeds, 0x10F),
    SLOT(IDiscFormat2RawCD, 35, get_SupportedWriteSpeedDescriptors, 0x110),
    /* IWriteEngine2EventArgs */
    SLOT(IWriteEngine2EventArgs, 7, get_StartLba, 0x100),
    SLOT(IWriteEngine2EventArgs, 8, get_SectorCount, 0x101),
    SLOT(IWriteEngine2EventArgs, 9, get_LastReadLba, 0x102),
    SLOT(IWriteEngine2EventArgs, 10, get_LastWrittenLba, 0x103),
    SLOT(IWriteEngine2EventArgs, 11, get_TotalSystemBuffer, 0x106),
    SLOT(IWriteEngine2EventArgs, 12, get_UsedSystemBuffer, 0x107),
    SLOT(IWriteEngine2EventArgs, 13, get_FreeSystemBuffer, 0x108),
    /* IDiscFormat2TrackAtOnceEventArgs */
    SLOT(IDiscFormat2TrackAtOnceEventArgs, 14, get_CurrentTrackNumber, 0x300),
    SLOT(IDiscFormat2TrackAtOnceEventArgs, 15, get_CurrentAction, 0x301),
    SLOT(IDiscFormat2TrackAtOnceEventArgs, 16, get_ElapsedTime, 0x302),
    SLOT(IDiscFormat2TrackAtOnceEventArgs, 17, get_RemainingTime, 0x303),
    /* IDiscFormat2DataEventArgs */
    SLOT(IDiscFormat2DataEventArgs, 14, get_ElapsedTime, 0x300),
    SLOT(IDiscFormat2DataEventArgs, 15, get_RemainingTime, 0x301),
    SLOT(IDiscFormat2DataEventArgs, 16, get_TotalTime, 0x302),
    SLOT(IDiscFormat2DataEventArgs, 17, get_CurrentAction, 0x303),
    /* IDiscFormat2RawCDEventArgs */
    SLOT(IDiscFormat2RawCDEventArgs, 14, get_CurrentAction, 0x301),
    SLOT(IDiscFormat2RawCDEventArgs, 15, get_ElapsedTime, 0x302),
    SLOT(IDiscFormat2RawCDEventArgs, 16, get_RemainingTime, 0x303),
    /* IMultisession */
    SLOT(IMultisession, 7, get_IsSupportedOnCurrentMediaState, 0x100),
    SLOT(IMultisession, 8, put_InUse, 0x101),
    SLOT(IMultisession, 9, get_InUse, 0x101),
    SLOT(IMultisession, 10, get_ImportRecorder, 0x102),
    /* IMultisessionSequential */
    SLOT(IMultisessionSequential, 11, get_IsFirstDataSession, 0x200),
    SLOT(IMultisessionSequential, 12, get_StartAddressOfPreviousSession, 0x201),
    SLOT(IMultisessionSequential, 13, get_LastWrittenAddressOfPreviousSession, 0x202),
    SLOT(IMultisessionSequential, 14, get_NextWritableAddress, 0x203),
    SLOT(IMultisessionSequential, 15, get_FreeSectorsOnMedia, 0x204),
    /* IMultisessionSequential2 */
    SLOT(IMultisessionSequential2, 16, get_WriteUnitSize, 0x205),
    /* IMultisessionRandomWrite */
    SLOT(IMultisessionRandomWrite, 11, get_WriteUnitSize, 0x205),
    SLOT(IMultisessionRandomWrite, 12, get_LastWrittenAddress, 0x206),
    SLOT(IMultisessionRandomWrite, 13, get_TotalSectorsOnMedia, 0x207),
    /* IBlockRange */
    SLOT(IBlockRange, 7, get_StartLba, 0x100),
    SLOT(IBlockRange, 8, get_EndLba, 0x101),
    /* IBlockRangeList */
    SLOT(IBlockRangeList, 7, get_BlockRanges, 0x100),
    /* IWriteSpeedDescriptor */
    SLOT(IWriteSpeedDescriptor, 7, get_MediaType, 0x101),
    SLOT(IWriteSpeedDescriptor, 8, get_RotationTypeIsPureCAV, 0x102),
    SLOT(IWriteSpeedDescriptor, 9, get_WriteSpeed, 0x103),
    /* IBurnVerification */
    VTABLE_ONLY(IBurnVerification, 3, put_BurnVerificationLevel),
    VTABLE_ONLY(IBurnVerification, 4, get_BurnVerificationLevel),
    /* The event sinks */
    SLOT(DDiscFormat2TrackAtOnceEvents, 7, Update, 0x200),
    SLOT(DWriteEngine2Events, 7, Update, 0x100),
    SLOT(DDiscFormat2DataEvents, 7, Update, 0x200),
    SLOT(DDiscFormat2RawCDEvents, 7, Update, 0x200),
    SLOT(DDiscFormat2EraseEvents, 7, Update, 0x200),
    SLOT(DDiscMaster2Events, 7, NotifyDeviceAdded, 0x100),
    SLOT(DDiscMaster2Events, 8, NotifyDeviceRemoved, 0x101),
    /* What they inherit keeps its place */
    VTABLE_ONLY(IDiscFormat2TrackAtOnce, 0, QueryInterface),
    VTABLE_ONLY(IDiscFormat2TrackAtOnce, 6, Invoke),
    VTABLE_ONLY(IDiscRecorder2, 6, Invoke),
    VTABLE_ONLY(IDiscFormat2TrackAtOnceEventArgs, 7, get_StartLba),
};
/* clang-format on */

static const struct {
    const char *name;
    size_t actual, expected;
} sizes[] = {
    {"IDiscFormat2TrackAtOnce", sizeof(IDiscFormat2TrackAtOnceVtbl) / sizeof(void *), 37},
    {"IDiscRecorder2", sizeof(IDiscRecorder2Vtbl) / sizeof(void *), 28},
    {"IDiscRecorder2Ex", sizeof(IDiscRecorder2ExVtbl) / sizeof(void *), 21},
    {"IDiscMaster2", sizeof(IDiscMaster2Vtbl) / sizeof(void *), 11},
    {"IWriteEngine2", sizeof(IWriteEngine2Vtbl) / sizeof(void *), 20},
    {"IDiscFormat2Data", sizeof(IDiscFormat2DataVtbl) / sizeof(void *), 44},
    {"IDiscFormat2Erase", sizeof(IDiscFormat2EraseVtbl) / sizeof(void *), 20},
    {"IDiscFormat2RawCD", sizeof(IDiscFormat2RawCDVtbl) / sizeof(void *), 36},
    {"IWriteEngine2EventArgs", sizeof(IWriteEngine2EventArgsVtbl) / sizeof(void *), 14},
    {"IDiscFormat2TrackAtOnceEventArgs",
     sizeof(IDiscFormat2TrackAtOnceEventArgsVtbl) / sizeof(void *), 18},
    {"IDiscFormat2DataEventArgs", sizeof(IDiscFormat2DataEventArgsVtbl) / sizeof(void *), 18},
    {"IDiscFormat2RawCDEventArgs", sizeof(IDiscFormat2RawCDEventArgsVtbl) / sizeof(void *), 17},
    {"IWriteSpeedDescriptor", sizeof(IWriteSpeedDescriptorVtbl) / sizeof(void *), 10},
    {"IBurnVerification", sizeof(IBurnVerificationVtbl) / sizeof(void *), 5},
    {"DDiscFormat2TrackAtOnceEvents", sizeof(DDiscFormat2TrackAtOnceEventsVtbl) / sizeof(void *),
     8},
    {"DDiscMaster2Events", sizeof(DDiscMaster2EventsVtbl) / sizeof(void *), 9},
};
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void every_slot_is_where_the_header_of_microsoft_has_it(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(slots); i++) {
        if (slots[i].actual != slots[i].expected)
            fail_msg("%s::%s is slot %zu, expected %zu", slots[i].interface_name, slots[i].member,
                     slots[i].actual, slots[i].expected);
    }
}

static void every_vtable_ends_where_it_should(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(sizes); i++) {
        if (sizes[i].actual != sizes[i].expected)
            fail_msg("%s has %zu slots, expected %zu", sizes[i].name, sizes[i].actual,
                     sizes[i].expected);
    }
}

static const struct dispatch_method *method_in_slot(const struct dispatch_table *table, size_t slot)
{
    for (size_t i = 0; i < table->count; i++) {
        if (table->methods[i].slot == slot)
            return &table->methods[i];
    }
    return NULL;
}

static WORD kind_of(const char *member)
{
    if (strncmp(member, "get_", 4) == 0)
        return DISPATCH_PROPERTYGET;
    return strncmp(member, "put_", 4) == 0 ? DISPATCH_PROPERTYPUT : DISPATCH_METHOD;
}

static void every_member_is_late_bound_by_its_dispid_name_and_kind(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(slots); i++) {
        const struct dispatch_method *method;
        const char *name = slots[i].member;

        if (!slots[i].table)
            continue;
        method = method_in_slot(slots[i].table, slots[i].expected);
        if (kind_of(name) != DISPATCH_METHOD)
            name += 4;
        if (!method || method->id != slots[i].id || strcmp(method->name, name) != 0 ||
            method->kind != kind_of(slots[i].member))
            fail_msg("%s::%s: expected DISPID 0x%x, got 0x%x %s", slots[i].interface_name,
                     slots[i].member, (unsigned)slots[i].id, method ? (unsigned)method->id : 0,
                     method ? method->name : "no row");
    }
}

/* Every row of the tables is one of the slots above, so nothing is bound that was not checked. */
static void no_table_has_a_row_that_is_not_transcribed(void **state)
{
    size_t rows = 0, checked = 0;

    (void)state;
    for (size_t i = 0; i < COUNT(slots); i++) {
        if (!slots[i].table)
            continue;
        checked++;
        if (i == 0 || slots[i - 1].table != slots[i].table)
            rows += slots[i].table->count;
    }
    assert_int_equal(rows, checked);
}

static void a_format_finds_the_members_of_its_base(void **state)
{
    (void)state;
    assert_ptr_equal(dispatch_IDiscFormat2TrackAtOnce.base, &dispatch_IDiscFormat2);
    assert_null(dispatch_IDiscFormat2.base);
    assert_ptr_equal(dispatch_IDiscFormat2TrackAtOnceEventArgs.base,
                     &dispatch_IWriteEngine2EventArgs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_slot_is_where_the_header_of_microsoft_has_it),
        cmocka_unit_test(every_vtable_ends_where_it_should),
        cmocka_unit_test(every_member_is_late_bound_by_its_dispid_name_and_kind),
        cmocka_unit_test(no_table_has_a_row_that_is_not_transcribed),
        cmocka_unit_test(a_format_finds_the_members_of_its_base),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
