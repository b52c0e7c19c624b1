/* The messages of the driver interface and their parameters and answers, as numbers.
 *
 * Values are those of Windows' mmsystem.h, mmddk.h and, for the ones that only Windows 3.1 had, its
 * windows.h. Ranges: below DRV_RESERVED the system's own messages; from there to DRV_USER the
 * protocols of driver classes (MCI, joystick, timer); from DRV_USER on whatever a driver or its
 * class defines (ACM, VFW). The same number means different things to different classes.
 *
 * https://learn.microsoft.com/windows/win32/multimedia/driver-messages
 */
#ifndef INSTDRV_MESSAGES_H
#define INSTDRV_MESSAGES_H

#define DRV_LOAD 0x0001
#define DRV_ENABLE 0x0002
#define DRV_OPEN 0x0003
#define DRV_CLOSE 0x0004
#define DRV_DISABLE 0x0005
#define DRV_FREE 0x0006
#define DRV_CONFIGURE 0x0007
#define DRV_QUERYCONFIGURE 0x0008
#define DRV_INSTALL 0x0009
#define DRV_REMOVE 0x000A
#define DRV_EXITSESSION 0x000B
#define DRV_EXITAPPLICATION 0x000C
#define DRV_POWER 0x000F
#define DRV_RESERVED 0x0800
#define DRV_USER 0x4000

/* Answers to DRV_CONFIGURE, DRV_INSTALL and DRV_REMOVE; the second set is the older name. */
#define DRVCNF_CANCEL 0x0000
#define DRVCNF_OK 0x0001
#define DRVCNF_RESTART 0x0002
#define DRV_CANCEL DRVCNF_CANCEL
#define DRV_OK DRVCNF_OK
#define DRV_RESTART DRVCNF_RESTART
#define DRV_FAILURE 0
#define DRV_SUCCESS 1

/* lParam1 of DRV_EXITAPPLICATION */
#define DRVEA_NORMALEXIT 0x0001
#define DRVEA_ABNORMALEXIT 0x0002

/* lParam1 of DRV_POWER, and its answers. Only PWR_FAIL is a refusal. */
#define PWR_SUSPENDREQUEST 1
#define PWR_SUSPENDRESUME 2
#define PWR_CRITICALRESUME 3
#define PWR_OK 1
#define PWR_FAIL (-1)

/* GetNextDriver */
#define GND_FORWARD 0x00000000
#define GND_FIRSTINSTANCEONLY 0x00000001
#define GND_REVERSE 0x00000002

/* System messages to drivers on Windows 95 and 98 */
#define BSM_INSTALLABLEDRIVERS 0x00000004
#define BROADCAST_QUERY_DENY 0x424D5144

/* DriverCallback, and the flags of open calls that they are the high word of */
#define DCB_NULL 0x0000
#define DCB_WINDOW 0x0001
#define DCB_TASK 0x0002
#define DCB_FUNCTION 0x0003
#define DCB_EVENT 0x0005
#define DCB_TYPEMASK 0x0007
#define DCB_NOSWITCH 0x0008
#define CALLBACK_NULL 0x00000000
#define CALLBACK_WINDOW 0x00010000
#define CALLBACK_TASK 0x00020000
#define CALLBACK_THREAD CALLBACK_TASK
#define CALLBACK_FUNCTION 0x00030000
#define CALLBACK_EVENT 0x00050000
#define CALLBACK_TYPEMASK 0x00070000

/* DRV_RESERVED range: queries (mmddk.h) */
#define DRV_QUERYDEVNODE (DRV_RESERVED + 2)
#define DRV_QUERYMAPPABLE (DRV_RESERVED + 5)
#define DRV_QUERYMODULE (DRV_RESERVED + 9)
#define DRV_PNPINSTALL (DRV_RESERVED + 11)
#define DRV_QUERYDEVICEINTERFACE (DRV_RESERVED + 12)
#define DRV_QUERYDEVICEINTERFACESIZE (DRV_RESERVED + 13)
#define DRV_QUERYSTRINGID (DRV_RESERVED + 14)
#define DRV_QUERYSTRINGIDSIZE (DRV_RESERVED + 15)
#define DRV_QUERYIDFROMSTRINGID (DRV_RESERVED + 16)
#define DRV_QUERYFUNCTIONINSTANCEID (DRV_RESERVED + 17)
#define DRV_QUERYFUNCTIONINSTANCEIDSIZE (DRV_RESERVED + 18)

/* DRV_RESERVED range: MCI */
#define DRV_MCI_FIRST DRV_RESERVED
#define DRV_MCI_LAST (DRV_RESERVED + 0xFFF)
#define MCI_OPEN_DRIVER 0x0801
#define MCI_CLOSE_DRIVER 0x0802
#define MCI_OPEN 0x0803
#define MCI_CLOSE 0x0804
#define MCI_USER_MESSAGES 0x0C00
#define MCI_LAST 0x0FFF

/* DRV_RESERVED range: joystick and timer */
#define JDD_GETNUMDEVS (DRV_RESERVED + 0x0001)
#define JDD_GETDEVCAPS (DRV_RESERVED + 0x0002)
#define JDD_GETPOS (DRV_RESERVED + 0x0101)
#define JDD_SETCALIBRATION (DRV_RESERVED + 0x0102)
#define JDD_CONFIGCHANGED (DRV_RESERVED + 0x0103)
#define JDD_GETPOSEX (DRV_RESERVED + 0x0104)
#define TDD_KILLTIMEREVENT (DRV_RESERVED + 0)
#define TDD_SETTIMEREVENT (DRV_RESERVED + 4)
#define TDD_GETSYSTEMTIME (DRV_RESERVED + 8)
#define TDD_GETDEVCAPS (DRV_RESERVED + 12)
#define TDD_BEGINMINPERIOD (DRV_RESERVED + 16)
#define TDD_ENDMINPERIOD (DRV_RESERVED + 20)

/* Messages to the xxxMessage entry points of wave, MIDI, auxiliary and mixer drivers */
#define DRVM_INIT 100
#define DRVM_EXIT 101
#define DRVM_DISABLE 102
#define DRVM_ENABLE 103
#define DRVM_INIT_EX 104
#define DRVM_IOCTL 0x100
#define DRVM_ADD_THRU 0x101
#define DRVM_REMOVE_THRU 0x102
#define DRVM_IOCTL_LAST 0x105
#define DRVM_MAPPER 0x2000
#define DRVM_MAPPER_RECONFIGURE 0x2001
#define DRVM_MAPPER_PREFERRED_GET 0x2015
#define DRVM_MAPPER_CONSOLEVOICECOM_GET 0x2017
#define DRVM_USER 0x4000
#define DRV_MAPPER_PREFERRED_INPUT_GET (DRV_USER + 0)
#define DRV_MAPPER_PREFERRED_OUTPUT_GET (DRV_USER + 2)

#endif
